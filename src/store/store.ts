import type { AppSecrets, SecretUse } from './app-secrets.ts'
import type { AppTokens } from './app-tokens.ts'
import type { Assertions } from './assertions.ts'
import type { ClientDocuments } from './client-documents.ts'
import type { LogoutDeliveries } from './logout-deliveries.ts'
import type { PresentedTokens } from './presented-tokens.ts'
import type { PushedRequests } from './pushed-requests.ts'
import type { RefreshToken, RefreshTokens } from './refresh-tokens.ts'
import type { Refusals } from './refusals.ts'
import type { Registrations } from './registrations.ts'
import type { ResourceServers } from './resources.ts'
import type {
  AccessToken,
  App,
  AppSecret,
  Business,
  Chain,
  Code,
  Consent,
  Directory,
  Event,
  Install,
  IssuedCode,
  ListedInstall,
  LiveSession,
  LiveToken,
  Membership,
  PendingRequest,
  Person,
  PlatformToken,
  Session,
  SigningKey,
  Staff,
} from './rows.ts'
import type { Salts } from './salts.ts'

/** The tokens that one write stores. */
export interface Minted {
  access: AccessToken
  refresh?: RefreshToken | undefined
}

/**
 * What is kept, and what each verb promises on both engines. `find…` may be undefined; every write is on disk before it answers;
 * a verb that ends or spends something says true to exactly one caller. Unique values taken already throw Conflict; a database
 * that cannot answer throws Unavailable, and then nothing was changed, unless PostgreSQL was lost at the moment of its commit: then
 * either all was or nothing.
 */
export interface Store {
  readonly engine: 'sqlite' | 'postgres'

  directories: {
    add(directory: Directory, hosts: readonly string[], event: Event): Promise<void>
    find(uid: string): Promise<Directory | undefined>
    /** The live directory that owns a host (without port, lower case). */
    findByHost(host: string): Promise<Directory | undefined>
    list(): Promise<Directory[]>
    /** Ends it: every token of its businesses and every directory token dies with it. */
    end(uid: string, at: number, event: Event): Promise<boolean>
  }

  businesses: {
    /** Undefined, and nothing written, when the directory is not alive. */
    add(business: Business, event: Event): Promise<Business | undefined>
    find(uid: string): Promise<Business | undefined>
    list(directoryUid?: string): Promise<Business[]>
    end(uid: string, at: number, event: Event): Promise<boolean>
  }

  people: {
    find(uid: string): Promise<Person | undefined>
    /** The living person with this normalised e-mail. */
    findByEmail(emailKey: string): Promise<Person | undefined>
    /** Replaces the stored password only if it still is `was`, so that a rehash never undoes a change. */
    replacePassword(uid: string, was: string | null, password: string): Promise<boolean>
    /** Writes name, profile and whether the e-mail is verified. False, and nothing written, when they are no longer as they were. */
    change(person: Person, event: Event, was: Person): Promise<boolean>
    /** Gives a living person another password and ends all their sessions, in one write. */
    setPassword(uid: string, password: string, at: number, event: Event): Promise<boolean>
    /** Ends them: every session of theirs, and every token they gave, dies with it; the e-mail is free again. */
    end(uid: string, at: number, event: Event): Promise<boolean>
  }

  staff: {
    /** Adds a membership, and the person as well when given. */
    add(staff: Staff, person: Person | undefined, event: Event): Promise<void>
    find(uid: string): Promise<Staff | undefined>
    /** The person's live memberships in live businesses of live directories, by business name. */
    memberships(personUid: string): Promise<Membership[]>
    /** Ends it: every token this person gave for this business dies with it. */
    end(uid: string, at: number, event: Event): Promise<boolean>
  }

  apps: {
    add(app: App, secret: AppSecret | undefined, event: Event): Promise<void>
    find(uid: string): Promise<App | undefined>
    findByCodeName(codeName: string): Promise<App | undefined>
    findByClientId(clientId: string): Promise<App | undefined>
    /** The live app of a client id, and whether the secret with this digest is one of its live ones; then also which. One query. */
    authenticate(
      clientId: string,
      secretDigest: string,
      now: number,
    ): Promise<{ app: App; isSecretRight: boolean; secret?: SecretUse } | undefined>
    /** Those of one directory, or all, from the oldest; `after` is the last uid of the page before, `skip` how many to pass over. */
    list(directoryUid: string | undefined, limit: number, after?: string, skip?: number): Promise<App[]>
    /** The code names in use, by living and ended apps, that are this text or begin with it and `_`. */
    codeNamesLike(base: string): Promise<string[]>
    /** Writes what may change of a live app. False, and nothing written, when it is no longer as it was when it was read. */
    change(app: App, event: Event, was: App): Promise<boolean>
    /** Ends it: every token of it dies with it. */
    end(uid: string, at: number, event: Event): Promise<boolean>
  }

  appSecrets: AppSecrets
  assertions: Assertions

  registrations: Registrations
  clientDocuments: ClientDocuments

  installs: {
    /** The live install of an app in a business. */
    findLive(appUid: string, businessUid: string): Promise<Install | undefined>
    findConsent(personUid: string, appUid: string, businessUid: string): Promise<Consent | undefined>
    /** The live installs in the order in which they began, of one app or in one business where told. */
    list(filter: { appUid?: string | undefined; businessUid?: string | undefined }): Promise<ListedInstall[]>
    /** Ends it: every chain under it dies with it, and consents given for it no longer count. */
    end(uid: string, at: number, reason: string, event: Event): Promise<boolean>
  }

  chains: {
    end(uid: string, at: number, reason: string, event: Event): Promise<boolean>
    /** When and why a chain was ended by itself; undefined while it is not, whatever became of what it hangs on. */
    findEnd(uid: string): Promise<{ at: number; reason: string } | undefined>
  }

  codes: {
    /**
     * The approval, as one write: the waiting request is answered (if there is one), the business's install and the person's
     * consent are recorded or widened, and the chain with its code begins. Undefined, and nothing written, when the request was
     * answered or ran out before, when the app, business, staff membership or person is no longer alive, or when `basis`, what the
     * decision rested on, is no longer so: the install that was there (or none), and the app's trust, scopes and redirect URIs. Given
     * the session that approved, it has to be alive as well; `signsIn` says that the app is to be told when that session ends.
     */
    begin(approval: {
      session?: { uid: string; signsIn: boolean }
      request?: { digest: string; at: number }
      /** The pushed request that it came from, which has to be unspent. */
      pushed?: string | null
      basis?: { install: Install | undefined; app: App }
      install: Install
      consent?: Omit<Consent, 'installUid'>
      chain: Omit<Chain, 'installUid'>
      code: Code
      event: Event
    }): Promise<{ installUid: string } | undefined>
    find(digest: string): Promise<IssuedCode | undefined>
    /**
     * Spends the code and mints the token in one write: true for exactly one caller, and only while the code is neither spent nor
     * past its time and its chain is alive. After a crash either both happened or neither.
     */
    redeem(digest: string, at: number, minted: Minted, event: Event): Promise<boolean>
  }

  tokens: {
    /** The token with everything it hangs on, if all of it is alive. One query. */
    findLive(digest: string, now: number): Promise<LiveToken | undefined>
    end(digest: string, at: number, event: Event): Promise<boolean>
    /** Notes the last use of several tokens, where none was noted in so many seconds before it. */
    stamp(uses: readonly { digest: string; at: number }[], notWithin?: number): Promise<void>
    /** When it was last used, as far as that is noted; undefined where there is no such token. */
    lastUse(digest: string): Promise<number | null | undefined>
  }

  refreshTokens: RefreshTokens

  appTokens: AppTokens

  presentedTokens: PresentedTokens

  resources: ResourceServers

  platformTokens: {
    add(token: PlatformToken, event: Event): Promise<void>
    /** The live token, if its directory is alive as well. */
    findLive(digest: string): Promise<PlatformToken | undefined>
    /** All there are, in the order in which they were made, without their digests; one has ended with its directory, too. */
    list(): Promise<(Omit<PlatformToken, 'digest'> & { endedAt: number | null })[]>
    end(selector: { digest: string } | { uid: string }, at: number, event: Event): Promise<boolean>
  }

  sessions: {
    /**
     * Begins a session, ends the one it replaces, and binds it to the waiting request. Given the digest of the browser's cookie, it
     * forgets the businesses chosen there for requests that wait: whoever chose them may have been somebody else. Apps that the replaced
     * session signed in to stay so when it was the same person's; otherwise they are told. Given the password that the person showed
     * to be theirs, as it is stored: false, and nothing written, when it was changed meanwhile.
     */
    begin(
      session: Session,
      event: Event,
      around?: {
        replaced?: string | undefined
        requestDigest?: string | undefined
        browser?: string | undefined
        password?: string | null | undefined
      },
    ): Promise<boolean>
    /** The session and its person, if both are alive, within both lifetimes. */
    findLive(digest: string, now: number, idleLifetime: number): Promise<LiveSession | undefined>
    seen(digest: string, at: number): Promise<void>
    /** Ends it, and begins the deliveries that tell the apps it signed in to. */
    end(digest: string, at: number, event: Event): Promise<boolean>
    /** The same for all sessions of a person. */
    endAll(personUid: string, at: number, event: Event): Promise<void>
  }

  requests: {
    add(request: PendingRequest): Promise<void>
    find(digest: string): Promise<PendingRequest | undefined>
    /** Binds the session that was confirmed for it. False when it was answered or ran out. */
    confirm(digest: string, sessionUid: string, now: number): Promise<boolean>
    chooseBusiness(digest: string, businessUid: string, now: number): Promise<boolean>
    /** Ends the wait without an approval: true for exactly one caller. A pushed request that it came from is spent with it. */
    answer(digest: string, now: number, event: Event | undefined, pushed?: string | null): Promise<boolean>
  }

  pushedRequests: PushedRequests

  logoutDeliveries: LogoutDeliveries

  attempts: {
    /** Counts one attempt and tells the count within the running window; atomic, so parallel guesses all count. */
    count(key: string, now: number, window: number): Promise<{ count: number; expiresAt: number }>
    /** Takes back one that turned out to be none. */
    takeBack(key: string): Promise<void>
    forget(key: string): Promise<void>
  }

  keys: {
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

  events: {
    add(event: Event): Promise<void>
    list(
      filter: { businessUid?: string; appUid?: string; type?: string; reference?: string },
      limit: number,
    ): Promise<Event[]>
  }

  salts: Salts

  refusals: Refusals

  /** Deletes up to `batch` rows of each kind that are past remembering; how many went. Never holds the database for long. */
  sweep(
    now: number,
    lifetimes: { tombstone: number; event: number; request?: number; refusal?: number },
    batch: number,
  ): Promise<number>

  /** The engine's own clock in seconds, and the schema version found. */
  examine(): Promise<{ clock: number; schema: number }>
  close(): Promise<void>
}
