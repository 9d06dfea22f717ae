import type { Incoming } from '../../http/incoming.ts'
import type { Params } from '../../http/params.ts'

/** What an app presented to say who it is: its client id and, unless it is public, its secret. */
export interface Credentials {
  clientId: string
  secret: string | undefined
}

/** One way for an app to prove who it is (RFC 6749 §2.3). */
export interface ClientMethod {
  readonly name: 'client_secret_basic' | 'client_secret_post' | 'none'
  /** Whether the request tries this way, rightly or not. */
  isUsed(incoming: Incoming, form: Params): boolean
  read(incoming: Incoming, form: Params): Credentials
  /** What a refusal says when this way was tried in the Authorization header (RFC 6749 §5.2). */
  readonly challenge?: { 'www-authenticate': string }
}
