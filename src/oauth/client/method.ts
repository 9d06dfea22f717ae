import type { Incoming } from '../../http/incoming.ts'
import type { Params } from '../../http/params.ts'
import type { Site } from '../../site.ts'
import type { SecretUse } from '../../store/nouns/app-secrets.ts'
import type { App, ClientAuthMethod } from '../../store/nouns/apps.ts'
import type { Assertion } from './assertion.ts'

/** What a request presents to say which app makes it: a client id and, unless the app is public, what is to prove it. */
export interface Credentials {
  clientId: string
  secret?: string
  assertion?: Assertion
}

/** The app that the client id names, and whether the secret presented is one of its live ones. */
export interface FoundApp {
  app: App
  isSecretRight: boolean
  secret?: SecretUse
}

/** One way for an app to prove who it is (RFC 6749 §2.3, OpenID Connect Core §9), by its name in metadata (RFC 8414 §2). */
export interface ClientMethod {
  readonly name: ClientAuthMethod
  /** What assertions of this way may be signed with. */
  readonly algorithms?: readonly string[]
  /** Whether the request tries this way, rightly or not. */
  isUsed(incoming: Incoming, form: Params): boolean
  /** What it presents; throws a refusal where that cannot be right, whichever app it is. */
  read(incoming: Incoming, form: Params, site: Site): Credentials
  /** Why the app, which may use this way, is not proved; undefined when it is. Then it has spent what may be used only once. */
  findFault(credentials: Credentials, found: FoundApp, site: Site): string | undefined | Promise<string | undefined>
  /** What is said when the proof is wrong; the same for an app that does not exist. */
  readonly failure: string
  /** What a refusal says when this way was tried in the Authorization header (RFC 6749 §5.2). */
  readonly challenge?: { 'www-authenticate': string }
}
