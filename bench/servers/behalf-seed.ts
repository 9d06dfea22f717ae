import { NO_SETTINGS } from '../../src/domain/apps/apply-draft.ts'
import { APP_COLUMNS } from '../../src/domain/apps/column-settings.ts'
import { digest, tokenDigest } from '../../src/kit/digest.ts'
import { newOrderedUid, newSecret, newToken, newUid } from '../../src/kit/id.ts'
import { openStore } from '../../src/store/engine/open.ts'
import type { App } from '../../src/store/nouns/apps.ts'
import type { Theme } from '../../src/store/nouns/directories.ts'
import type { Event } from '../../src/store/nouns/events.ts'
import type { Store } from '../../src/store/store.ts'
import type { Credentials, Scenario } from '../contender.ts'

const oneDay = 86_400
const history = 365 * oneDay
const tokenLifetime = 631_152_000
/** Approvals written together. */
const batch = 4000
/** The same for few tokens and for many, so that nothing but their number differs. */
const businesses = 2000
export const redirectUri = 'https://app.example.com/callback'

const scopesOf = (scenario: Scenario) => (scenario === 'exchange' ? ['clients_read'] : ['openid', 'clients_read'])

type Algorithm = 'RS256' | 'ES256'

/** The app that a scenario is driven with. */
export const appFor = (platform: Platform, scenario: Scenario) =>
  platform.apps[scenario === 'exchange-es256' ? 'ES256' : 'RS256']

/** A platform with a year behind it: what the benchmark needs to know of it. */
export interface Platform {
  databaseUrl: string
  /** Two apps, alike but for the algorithm of their ID tokens. */
  apps: Record<Algorithm, Credentials & { uid: string }>
  directoryUid: string
  /** Owners, one per business. */
  owners: { businessUid: string; personUid: string; staffUid: string }[]
  /** All access tokens, from the oldest to the newest. */
  tokens: string[]
}

/** Opens a database the way the server does. */
export function openBench(databaseUrl: string): Promise<Store> {
  return openStore({ url: databaseUrl, pool: 1, timeout: 10 }, now(), true, APP_COLUMNS)
}

/**
 * Fills a new database through the store's own verbs: a directory, an app, businesses with their owners, and so many access
 * tokens, approved and redeemed one by one over the past year.
 */
export async function seed(databaseUrl: string, tokenCount: number): Promise<Platform> {
  const store = await openBench(databaseUrl)
  const began = now() - history - oneDay
  const directoryUid = await addDirectory(store, began)
  const platform: Platform = {
    databaseUrl,
    apps: {
      RS256: await addApp(store, directoryUid, 'RS256', began),
      ES256: await addApp(store, directoryUid, 'ES256', began),
    },
    directoryUid,
    owners: [],
    tokens: [],
  }
  await inBatches(businesses, async (i) => {
    platform.owners.push(await addBusiness(store, platform.directoryUid, began, i))
  })
  const tokens = new Array<string>(tokenCount)
  await inBatches(tokenCount, async (i) => {
    const at = began + oneDay + Math.floor((history * i) / tokenCount)
    tokens[i] = await approveAndRedeem(store, platform, at)
  })
  platform.tokens = tokens
  // What a server that ran all year would have swept away by itself.
  while ((await store.sweep(now(), { tombstone: 30 * oneDay, event: 400 * oneDay }, 5000)) > 0);
  await store.close()
  return platform
}

/** So many approved codes, each of a chain of its own, good for an hour. */
export async function mintCodes(platform: Platform, scenario: Scenario, count: number): Promise<string[]> {
  const store = await openBench(platform.databaseUrl)
  const codes = new Array<string>(count)
  await inBatches(count, async (i) => {
    codes[i] = (await approve(store, platform, scenario, now(), 3600)).code
  })
  await store.close()
  return codes
}

/** So many refresh tokens, each of a chain of its own and never used. */
export async function mintRefreshTokens(platform: Platform, count: number): Promise<string[]> {
  const store = await openBench(platform.databaseUrl)
  const tokens = new Array<string>(count)
  await inBatches(count, async (i) => {
    const at = now()
    const { code, chainUid, scopes } = await approve(store, platform, 'exchange', at, 3600)
    const token = newToken(at)
    const access = { digest: tokenDigest(newToken(at)), chainUid, scopes: null, createdAt: at, expiresAt: at + 3600 }
    const times = { createdAt: at, idleExpiresAt: at + 30 * oneDay, expiresAt: at + 365 * oneDay }
    const refresh = { digest: tokenDigest(token), chainUid, scopes, authTime: at, context: {}, ...times }
    await store.codes.redeem(tokenDigest(code), at, { access, refresh }, event('token.issued', at))
    tokens[i] = token
  })
  await store.close()
  return tokens
}

async function addDirectory(store: Store, at: number): Promise<string> {
  const theme: Theme = {
    colors: { primary: '#1a5fb4', secondary: '#26a269', text: '#241f31' },
    locale: 'en',
    logo: null,
    name: 'Bench Directory',
    powered_by: {
      parent_goto_url: null,
      parent_logo_bright: null,
      parent_logo_dark: null,
    },
  }
  const directory = {
    uid: newUid(),
    name: 'Bench Directory',
    host: 'app.example.com',
    theme,
    logo: null,
    supportUrl: null,
    privacyUrl: null,
    createdAt: at,
    endedAt: null,
  }
  await store.directories.add(directory, [directory.host], event('directory.created', at))
  return directory.uid
}

async function addApp(store: Store, directoryUid: string, idTokenAlg: Algorithm, at: number) {
  const clientSecret = newSecret()
  const app: App = {
    ...NO_SETTINGS,
    uid: newUid(),
    codeName: `bench${idTokenAlg.toLowerCase()}`,
    clientId: newSecret(),
    directoryUid,
    name: 'Bench',
    redirectUri,
    redirectUris: [redirectUri],
    trusted: true,
    public: false,
    scopes: [...scopesOf('exchange-openid'), 'app/installs'],
    protocol: {
      idTokenAlg,
      grantTypes: ['authorization_code', 'refresh_token', 'client_credentials'],
      refresh: 'offline_access',
      rotateRefreshTokens: true,
    },
    origin: 'platform',
    createdAt: at,
    endedAt: null,
  }
  const secret = {
    uid: newUid(),
    appUid: app.uid,
    digest: digest(clientSecret),
    name: '',
    createdAt: at,
    expiresAt: null,
  }
  await store.apps.add(app, secret, event('app.created', at))
  return { uid: app.uid, clientId: app.clientId, clientSecret }
}

async function addBusiness(
  store: Store,
  directoryUid: string,
  at: number,
  i: number,
): Promise<Platform['owners'][number]> {
  const [businessUid, personUid, staffUid] = [newUid(), newUid(), newUid()]
  await store.businesses.add(
    { uid: businessUid, directoryUid, name: `Business ${i}`, createdAt: at, endedAt: null },
    event('business.created', at),
  )
  const email = `owner${i}@business.example.com`
  await store.staff.add(
    { uid: staffUid, businessUid, personUid, role: 'owner', createdAt: at, endedAt: null },
    { uid: personUid, email, emailKey: email, name: `Owner ${i}`, password: null, createdAt: at, endedAt: null },
    event('staff.created', at),
  )
  return { businessUid, personUid, staffUid }
}

/** One owner's yes for the app, through the same verb as the permission dialog. */
async function approve(store: Store, platform: Platform, scenario: Scenario, at: number, codeLifetime: number) {
  const { owners } = platform
  const appUid = appFor(platform, scenario).uid
  const { businessUid, personUid, staffUid } = owners[Math.floor(Math.random() * owners.length)]!
  const scopes = scopesOf(scenario)
  const code = newToken(at)
  const chainUid = newOrderedUid(at)
  const begun = await store.codes.begin({
    install: {
      uid: newUid(),
      appUid,
      businessUid,
      scopes: scopesOf('exchange-openid'),
      installedBy: staffUid,
      createdAt: at,
      changedAt: at,
    },
    consent: { personUid, appUid, businessUid, redirectHost: '', scopes },
    chain: { uid: chainUid, appUid, businessUid, staffUid, scopes, createdAt: at },
    outcome: {
      kind: 'code',
      code: {
        digest: tokenDigest(code),
        chainUid,
        redirectUri,
        redirectUriSent: true,
        codeChallenge: null,
        nonce: null,
        authTime: at,
        context: {},
        createdAt: at,
        expiresAt: at + codeLifetime,
      },
    },
    event: event('consent.given', at, { businessUid, appUid }),
  })
  if (!begun) throw new Error('an approval of the bench was refused')
  return { code, chainUid, scopes, businessUid }
}

async function approveAndRedeem(store: Store, platform: Platform, at: number): Promise<string> {
  const { code, chainUid, businessUid } = await approve(store, platform, 'userinfo', at, 30)
  const token = newToken(at + 1)
  const row = {
    digest: tokenDigest(token),
    chainUid,
    scopes: null,
    createdAt: at + 1,
    expiresAt: at + 1 + tokenLifetime,
  }
  const redeemed = await store.codes.redeem(
    tokenDigest(code),
    at + 1,
    { access: row },
    event('token.issued', at + 1, { businessUid, appUid: platform.apps.RS256.uid }),
  )
  if (!redeemed) throw new Error('a code of the bench was refused')
  return token
}

/** Runs `work` for 0 to `count`, so many side by side that they share their commits. */
async function inBatches(count: number, work: (i: number) => Promise<void>): Promise<void> {
  for (let from = 0; from < count; from += batch)
    await Promise.all(Array.from({ length: Math.min(batch, count - from) }, (_, i) => work(from + i)))
}

function event(type: string, at: number, about: Partial<Event> = {}): Event {
  return { uid: newOrderedUid(at), type, at, actor: 'bench', result: 'done', ...about }
}

const now = () => Math.floor(Date.now() / 1000)
