import type { Event } from './events.ts'

/** The approval of an app by a business. */
export interface Install {
  uid: string
  appUid: string
  businessUid: string
  scopes: readonly string[]
  installedBy: string
  createdAt: number
  changedAt: number
}

/** A live install, with the names of its app and business. */
export interface ListedInstall extends Install {
  appCodeName: string
  businessName: string
}

/** The approval of an app by one person for one business. Valid only for the install that it was given for. */
export interface Consent {
  personUid: string
  appUid: string
  businessUid: string
  /** The redirect host that the dialog named, if the app introduced itself; else empty. */
  redirectHost: string
  installUid: string
  scopes: readonly string[]
}

export interface Installs {
  /** The live install of an app in a business. */
  findLive(appUid: string, businessUid: string): Promise<Install | undefined>
  /** Whether a business has ever connected the app. */
  hasAny(appUid: string): Promise<boolean>
  findConsent(
    personUid: string,
    appUid: string,
    businessUid: string,
    redirectHost: string,
  ): Promise<Consent | undefined>
  /** The live installs of an app or business, oldest first. */
  list(filter: { appUid?: string | undefined; businessUid?: string | undefined }): Promise<ListedInstall[]>
  /** Ends it, with every chain under it, and deletes the consents that were given for it. */
  end(uid: string, at: number, reason: string, event: Event): Promise<boolean>
}
