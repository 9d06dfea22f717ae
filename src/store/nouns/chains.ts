import type { AppProtocol } from './apps.ts'
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
  /** When the person proved who they are. */
  authTime?: number
}

/** The person and business a chain speaks for, with everything between them alive. */
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
  /** The theme as JSON text, ready to be sent. */
  themeJson: string
}

/** A chain that is alive with everything it hangs on: its app, and the person and business it speaks for. Shared by its readers; never changed. */
export interface LiveChain {
  appUid: string
  clientId: string
  codeName: string
  /** The directory that owns the app; null when it is the platform's own. */
  appDirectoryUid: string | null
  protocol: AppProtocol
  /** What the app is registered for at this moment. */
  appScopes: readonly string[]
  /** The app's first redirect URI. */
  redirectUri: string
  /** Undefined on the app's own chain: it speaks for no person and no business (RFC 6749 §4.4). */
  principal: Principal | undefined
}

export interface Chains {
  end(uid: string, at: number, reason: string, event: Event): Promise<boolean>
  /** Ends the app's own chain, with every token that the app got for itself. A new one begins with the next such token. */
  endOfApp(appUid: string, at: number, reason: string, event: Event): Promise<boolean>
  /** When and why a chain itself was ended; undefined while it was not, even if its install or app has ended. */
  findEnd(uid: string): Promise<{ at: number; reason: string } | undefined>
}
