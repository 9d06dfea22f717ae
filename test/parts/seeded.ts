import { APP_COLUMNS } from '../../src/domain/apps/column-settings.ts'
import { tokenDigest } from '../../src/kit/digest.ts'
import { newOrderedUid, newToken, newUid } from '../../src/kit/id.ts'
import { openPasswords } from '../../src/kit/password.ts'
import { openStore } from '../../src/store/engine/open.ts'
import type { Business } from '../../src/store/nouns/businesses.ts'
import type { Staff } from '../../src/store/nouns/staff.ts'
import type { Store } from '../../src/store/store.ts'
import { newEvent } from '../store/things.ts'
import { makeWorld, type TestApp } from './world.ts'

/** An unused code, and the business it acts for. */
export interface SeededCode {
  code: string
  chainUid: string
  businessUid: string
}

/** A platform in a database that a server process uses: one app, and a few businesses with an owner each. */
export interface Seeded {
  app: TestApp
  owners: { business: Business; staff: Staff; email: string }[]
  /** Creates this many codes, valid for an hour, as if people had approved them; without an ID token, which costs a signature. */
  makeCodes(count: number): Promise<SeededCode[]>
}

/** Fills the database as the server would, but faster. No connection stays open. */
export async function seed(databaseUrl: string, { owners = 4, realPasswords = false } = {}): Promise<Seeded> {
  const cost = realPasswords ? undefined : { memory: 64, passes: 1, parallelism: 1 }
  return withStore(databaseUrl, async (store) => {
    const site = { store, clock: { now }, passwords: openPasswords(cost, 2, 1000) }
    const world = await makeWorld({ site, origin: '', fetch: () => Promise.reject(new Error('Nobody listens.')) })
    const app = await world.makeApp()
    const people = await Promise.all(
      Array.from({ length: owners }, async (_, index) => {
        const business = await world.makeBusiness(`Business ${index}`)
        const email = `owner${index}@example.com`
        const person = await world.makePerson(email, `Owner ${index}`, [business])
        return { business, staff: person.staff[0]!, email }
      }),
    )
    return {
      app,
      owners: people,
      makeCodes: (count) =>
        withStore(databaseUrl, (again) =>
          Promise.all(
            Array.from({ length: count }, (_, index) => approve(again, app, people[index % people.length]!.staff)),
          ),
        ),
    }
  })
}

async function withStore<T>(url: string, work: (store: Store) => Promise<T>): Promise<T> {
  const store = await openStore({ url, pool: 4, timeout: 20 }, now(), true, APP_COLUMNS)
  try {
    return await work(store)
  } finally {
    await store.close()
  }
}

async function approve(store: Store, app: TestApp, staff: Staff): Promise<SeededCode> {
  const at = now()
  const code = newToken(at)
  const { businessUid, uid: staffUid, personUid } = staff
  const scopes = app.scopes.filter((scope) => scope !== 'openid')
  const links = { appUid: app.uid, businessUid }
  const chain = { uid: newOrderedUid(at), ...links, staffUid, scopes, createdAt: at }
  const begun = await store.codes.begin({
    install: { uid: newUid(), ...links, scopes: app.scopes, installedBy: staffUid, createdAt: at, changedAt: at },
    consent: { personUid, ...links, redirectHost: '', scopes: app.scopes },
    chain,
    outcome: {
      kind: 'code',
      code: {
        digest: tokenDigest(code),
        chainUid: chain.uid,
        redirectUri: app.redirectUri,
        redirectUriSent: true,
        codeChallenge: null,
        nonce: null,
        authTime: at,
        context: {},
        createdAt: at,
        expiresAt: at + 3600,
      },
    },
    event: newEvent({ type: 'consent.given', at, ...links, subject: chain.uid }),
  })
  if (!begun) throw new Error('The approval was refused.')
  return { code, chainUid: chain.uid, businessUid }
}

const now = () => Math.floor(Date.now() / 1000)
