import type { Event } from './events.ts'

/** A business's standing yes to an app. */
export interface Install {
  uid: string
  appUid: string
  businessUid: string
  scopes: readonly string[]
  installedBy: string
  createdAt: number
  changedAt: number
}

/** A live install with the names that people know it by. */
export interface ListedInstall extends Install {
  appCodeName: string
  businessName: string
}

/** One person's yes, kept for (person, app, business). Good only for the install it was given for. */
export interface Consent {
  personUid: string
  appUid: string
  businessUid: string
  installUid: string
  scopes: readonly string[]
}

export interface Installs {
  /** The live install of an app in a business. */
  findLive(appUid: string, businessUid: string): Promise<Install | undefined>
  findConsent(personUid: string, appUid: string, businessUid: string): Promise<Consent | undefined>
  /** The live installs in the order in which they began, filtered by app or business. */
  list(filter: { appUid?: string | undefined; businessUid?: string | undefined }): Promise<ListedInstall[]>
  /** Ends it, with every chain under it, and deletes the consents that were given for it. */
  end(uid: string, at: number, reason: string, event: Event): Promise<boolean>
}
