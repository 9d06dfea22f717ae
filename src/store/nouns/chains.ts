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

/** The person and business a chain speaks for, with all the links between them alive. */
export interface Holder {
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

/** What a living chain speaks for: the app that it was given to, and whose it is. Shared by whoever asks: nobody changes it. */
export interface Links {
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
  holder: Holder
}

export interface Chains {
  end(uid: string, at: number, reason: string, event: Event): Promise<boolean>
  /** When and why a chain was ended by itself; undefined while it is not, whatever became of what it hangs on. */
  findEnd(uid: string): Promise<{ at: number; reason: string } | undefined>
}
