/** The assertions that apps have authenticated with (RFC 7523 §3), kept until they expire. */
export interface Assertions {
  /** Claims the only use of an assertion, named by the digest of its app and `jti`: true for exactly one caller on all servers. */
  claim(digest: string, expiresAt: number): Promise<boolean>
}
