import type { AppToken } from '../../store/nouns/app-tokens.ts'
import type { App } from '../../store/nouns/apps.ts'
import type { Event } from '../../store/nouns/events.ts'
import type { Resource } from './permission.ts'

/** What an app may do for itself alone (RFC 6749 §4.4): no person and no business stands behind it, and so no chain either. */
export interface AppPermission {
  app: App
  holder: null
  scopes: readonly string[]
  /** The resource the access token is for (RFC 8707 §2.2); undefined for the platform's own API. */
  resource: Resource | undefined
  /** Stores the token in one write; throws the grant's refusal when the app may no longer have it. */
  mint(token: AppToken, event: Event): Promise<void>
}
