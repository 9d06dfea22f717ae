import { NO_SETTINGS } from '../../src/domain/apps/apply-draft.ts'
import { newOrderedUid, newToken, newUid } from '../../src/kit/id.ts'
import type { AccessToken } from '../../src/store/nouns/access-tokens.ts'
import type { AppSecret } from '../../src/store/nouns/app-secrets.ts'
import type { App } from '../../src/store/nouns/apps.ts'
import type { Business } from '../../src/store/nouns/businesses.ts'
import type { DeviceCode } from '../../src/store/nouns/device-codes.ts'
import type { Directory } from '../../src/store/nouns/directories.ts'
import type { Event } from '../../src/store/nouns/events.ts'
import type { Person } from '../../src/store/nouns/people.ts'
import type { RefreshToken } from '../../src/store/nouns/refresh-tokens.ts'
import type { PendingRequest } from '../../src/store/nouns/requests.ts'
import type { Session } from '../../src/store/nouns/sessions.ts'
import type { Staff } from '../../src/store/nouns/staff.ts'
import type { Store } from '../../src/store/store.ts'
import { THEME } from '../parts/world.ts'

export const NOW = 1_800_000_000
export const CALLBACK = 'https://app.example.com/callback'

export function newEvent(facts: Partial<Event> = {}): Event {
  const at = facts.at ?? NOW
  return { uid: newOrderedUid(at), type: 'test.done', at, actor: 'operator', result: 'done', ...facts }
}

export function newDirectory(facts: Partial<Directory> = {}): Directory {
  const uid = newUid()
  return {
    uid,
    name: 'Northwind',
    host: `${uid}.example`,
    theme: THEME,
    logo: null,
    supportUrl: null,
    privacyUrl: null,
    createdAt: NOW,
    endedAt: null,
    ...facts,
  }
}

export function newBusiness(directoryUid: string, facts: Partial<Business> = {}): Business {
  return { uid: newUid(), directoryUid, name: 'Harbour Clinic', createdAt: NOW, endedAt: null, ...facts }
}

export function newPerson(facts: Partial<Person> = {}): Person {
  const uid = newUid()
  const email = `${uid}@example.com`
  const profile = { name: 'Ada', emailVerified: false, profile: null }
  return { uid, email, emailKey: email, ...profile, password: null, createdAt: NOW, endedAt: null, ...facts }
}

export function newStaff(businessUid: string, personUid: string, facts: Partial<Staff> = {}): Staff {
  return { uid: newUid(), businessUid, personUid, role: 'owner', createdAt: NOW, endedAt: null, ...facts }
}

export function newApp(directoryUid: string | null, facts: Partial<App> = {}): App {
  const uid = newUid()
  return {
    ...NO_SETTINGS,
    uid,
    codeName: `app_${uid}`,
    clientId: `client-${uid}`,
    directoryUid,
    name: 'Ledger',
    redirectUri: CALLBACK,
    redirectUris: [CALLBACK],
    public: false,
    scopes: ['clients:read'],
    origin: 'platform',
    createdAt: NOW,
    endedAt: null,
    ...facts,
  }
}

export function newSecret(appUid: string, facts: Partial<AppSecret> = {}): AppSecret {
  return { uid: newUid(), appUid, digest: newToken(NOW), name: 'first', createdAt: NOW, expiresAt: null, ...facts }
}

export function newRequest(appUid: string, facts: Partial<PendingRequest> = {}): PendingRequest {
  return {
    digest: newToken(NOW),
    browser: newToken(NOW),
    appUid,
    request: '{}',
    sessionUid: null,
    businessUid: null,
    createdAt: NOW,
    expiresAt: NOW + 600,
    answeredAt: null,
    ...facts,
  }
}

export function newDeviceCode(appUid: string, facts: Partial<DeviceCode> = {}): DeviceCode {
  const digests = { digest: newToken(NOW), userCodeDigest: newToken(NOW) }
  const asked = { appUid, scopes: ['clients:read'], resources: [], cnf: null }
  return { ...digests, ...asked, createdAt: NOW, expiresAt: NOW + 600, pollInterval: 5, nextPollAt: NOW + 5, ...facts }
}

export function newSession(personUid: string, facts: Partial<Session> = {}): Session {
  return {
    digest: newToken(NOW),
    uid: newUid(),
    personUid,
    authTime: NOW,
    methods: ['pwd'],
    createdAt: NOW,
    seenAt: NOW,
    expiresAt: NOW + 86_400,
    ...facts,
  }
}

/** A directory with one business, its owner and an app: what an approval needs. */
export interface Place {
  directory: Directory
  business: Business
  person: Person
  staff: Staff
  app: App
  secret: AppSecret
}

export async function makePlace(store: Store): Promise<Place> {
  const directory = newDirectory()
  const business = newBusiness(directory.uid)
  const person = newPerson()
  const staff = newStaff(business.uid, person.uid)
  const app = newApp(directory.uid)
  const secret = newSecret(app.uid)
  await store.directories.add(directory, [directory.host], newEvent())
  await store.businesses.add(business, newEvent())
  await store.staff.add(staff, person, newEvent())
  await store.apps.add(app, secret, newEvent())
  return { directory, business, person, staff, app, secret }
}

type Approval = Parameters<Store['codes']['begin']>[0]
type CodeApproval = Approval & { outcome: { kind: 'code' } }

/** An approval as the authorization endpoint writes it. */
export function newApproval({ app, business, person, staff }: Place, at = NOW): CodeApproval {
  const [chainUid, scopes] = [newOrderedUid(at), ['clients:read']]
  const sides = { appUid: app.uid, businessUid: business.uid }
  return {
    install: { uid: newUid(), ...sides, scopes, installedBy: person.uid, createdAt: at, changedAt: at },
    consent: { personUid: person.uid, ...sides, redirectHost: '', scopes },
    chain: { uid: chainUid, ...sides, staffUid: staff.uid, scopes, createdAt: at },
    outcome: {
      kind: 'code',
      code: {
        digest: newToken(at),
        chainUid,
        redirectUri: CALLBACK,
        redirectUriSent: true,
        codeChallenge: null,
        nonce: null,
        authTime: at,
        context: {},
        cnf: null,
        createdAt: at,
        expiresAt: at + 30,
      },
    },
    event: newEvent({ at, type: 'consent.given', appUid: app.uid, businessUid: business.uid }),
  }
}

export function newAccessToken(chainUid: string, at = NOW, lifetime = 3600): AccessToken {
  return { digest: newToken(at), chainUid, scopes: ['clients:read'], createdAt: at, expiresAt: at + lifetime }
}

export function newRefreshToken(chainUid: string, facts: Partial<RefreshToken> = {}): RefreshToken {
  const at = facts.createdAt ?? NOW
  const ends = { createdAt: at, idleExpiresAt: at + 30 * 86_400, expiresAt: at + 365 * 86_400 }
  return {
    digest: newToken(at),
    chainUid,
    scopes: ['clients:read'],
    authTime: NOW,
    context: {},
    cnf: null,
    ...ends,
    ...facts,
  }
}

export function newAppToken(at = NOW, lifetime = 3600) {
  return { digest: newToken(at), scopes: [], createdAt: at, expiresAt: at + lifetime }
}

/** Goes from the approval to a live token. */
export async function issue(store: Store, place: Place, at = NOW, lifetime = 3600) {
  const approval = newApproval(place, at)
  const { installUid } = (await store.codes.begin(approval))!
  const token = newAccessToken(approval.chain.uid, at, lifetime)
  const isRedeemed = await store.codes.redeem(approval.outcome.code.digest, at, { access: token }, newEvent({ at }))
  if (!isRedeemed) throw new Error('The code could not be redeemed.')
  return { installUid, chainUid: approval.chain.uid, code: approval.outcome.code.digest, token: token.digest }
}
