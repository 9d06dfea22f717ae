import type { AppOrigin, AppProtocol } from './apps.ts'
import type { Event } from './events.ts'

/** All codes and tokens that come from one approval. */
export interface Chain {
  uid: string
  installUid: string
  appUid: string
  businessUid: string
  staffUid: string
  scopes: readonly string[]
  createdAt: number
  /** When the person authenticated. */
  authTime?: number
}

/** The person and business that a chain acts for. Both are alive, with everything between them. */
export interface Principal {
  staffUid: string
  role: string
  personUid: string
  email: string
  emailVerified: boolean
  name: string
  /** The person's profile as JSON text; null when there is none. */
  profileJson: string | null
  businessUid: string
  businessName: string
  directoryUid: string
  brandHost: string
  /** The theme as JSON text, as it is sent. */
  themeJson: string
}

/** A live chain: its app, and the person and business it acts for, all alive. Its readers share it, so no reader changes it. */
export interface LiveChain {
  appUid: string
  clientId: string
  codeName: string
  /** The directory that owns the app; null for the platform. */
  appDirectoryUid: string | null
  /** The one business that the app may act for; null for any. */
  appBusinessUid: string | null
  protocol: AppProtocol
  appOrigin: AppOrigin
  /** The scopes that the app is registered for. */
  appScopes: readonly string[]
  /** The first redirect URI of the app. */
  redirectUri: string
  /** Undefined on the app's own chain, which acts for no person and no business (RFC 6749 §4.4). */
  principal: Principal | undefined
}

export interface Chains {
  end(uid: string, at: number, reason: string, event: Event): Promise<boolean>
  /** Ends the app's own chain, with every token that the app got for itself. The next such token begins a new chain. */
  endOfApp(appUid: string, at: number, reason: string, event: Event): Promise<boolean>
  /** When and why the chain itself ended. Undefined if only its install or app has ended. */
  findEnd(uid: string): Promise<{ at: number; reason: string } | undefined>
}
