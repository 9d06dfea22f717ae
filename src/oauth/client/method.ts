import type { Incoming } from '../../http/incoming.ts'
import type { Refusal } from '../../kit/refusal.ts'
import type { Site } from '../../site.ts'
import type { Apps, ClientAuthMethod } from '../../store/nouns/apps.ts'
import type { Assertion, SentAssertion } from './assertion.ts'

/** The credentials in a request. Each part is read once, and nothing is checked yet. */
export interface Presented {
  /** The Authorization header, unless it authenticates no app and the body does. */
  authorization: string | undefined
  /** The `client_id` in the body. */
  clientId: string | undefined
  secret: string | undefined
  assertion: SentAssertion | undefined
}

/** A client id, and its secret or assertion unless the app is public. */
export interface Credentials {
  clientId: string
  secret?: string
  assertion?: Assertion
}

/** The app that the client id names, and its secret if the one in the request is right. */
export type FoundApp = NonNullable<Awaited<ReturnType<Apps['authenticate']>>>

/** A client authentication method (RFC 6749 §2.3, OpenID Connect Core §9), by its name in metadata (RFC 8414 §2). */
export interface ClientMethod {
  readonly name: ClientAuthMethod
  /** The algorithms of its assertions. */
  readonly algorithms?: readonly string[]
  /** Reads the credentials. Throws a refusal if they cannot be right for any app. */
  read(presented: Presented, incoming: Incoming, site: Site): Credentials
  /**
   * Authenticates an app that may use this method. Claims the assertion, or records the use of the secret. Returns why it failed, or
   * undefined.
   */
  prove(
    credentials: Credentials,
    found: FoundApp,
    incoming: Incoming,
    site: Site,
  ): Refusal | undefined | Promise<Refusal | undefined>
  /**
   * Does what `prove` does with wrong credentials, for an app that is unknown or may not use this method. Left out where `prove` neither reads
   * the database nor computes anything.
   */
  pretend?(credentials: Credentials, site: Site): Promise<void>
  /** The refusal of wrong credentials and of an unknown app. */
  readonly failure: 'client.no-proof' | 'client.wrong-secret' | 'assertion.wrong-key' | 'assertion.wrong-secret'
  /** The header of a refusal if the app used the Authorization header (RFC 6749 §5.2). */
  readonly challenge?: { 'www-authenticate': string }
}
