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
  /** When the last of what it signed ends, as far as that is later than a day after its time. */
  neededUntil: number
  retiredAt: number | null
}

export interface SigningKeys {
  /**
   * Adds a key unless its (algorithm, generation) exists: when many servers start at once, one wins and all read the winner. False,
   * and nothing written, for the others.
   */
  add(key: SigningKey, event: Event): Promise<boolean>
  list(): Promise<SigningKey[]>
  /** Notes that something it signed lives until then; never takes back a later time. */
  keepUntil(kid: string, until: number): Promise<void>
  retire(kid: string, at: number, event: Event): Promise<boolean>
}
