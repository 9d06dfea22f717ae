import type { Event } from './events.ts'

export interface SigningKey {
  kid: string
  algorithm: string
  generation: number
  /** The public JWK as JSON. */
  publicJwk: string
  /** The private JWK, sealed. */
  sealedJwk: string
  createdAt: number
  signsFrom: number
  /** When the last token it signed expires, if that is more than a day after it was signed; else 0. */
  neededUntil: number
  retiredAt: number | null
}

export interface SigningKeys {
  /**
   * Adds a key unless its (algorithm, generation) exists. When many servers start at once, one wins and all read its key; the others get
   * false.
   */
  add(key: SigningKey, event: Event): Promise<boolean>
  list(): Promise<SigningKey[]>
  /** Records that a token it signed lives until then. Keeps a later time. */
  keepUntil(kid: string, until: number): Promise<void>
  retire(kid: string, at: number, event: Event): Promise<boolean>
}
