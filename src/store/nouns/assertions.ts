/** The signed statements that apps proved themselves with (RFC 7523 §3), kept until they have expired. */
export interface Assertions {
  /** Takes the one use that a statement has, known by the digest of its app and `jti`: true for exactly one caller, on all servers. */
  claim(digest: string, expiresAt: number): Promise<boolean>
}
