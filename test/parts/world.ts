import { NO_SETTINGS } from '../../src/domain/apps/apply-draft.ts'
import { digest, tokenDigest } from '../../src/kit/digest.ts'
import { newSecret, newToken, newUid } from '../../src/kit/id.ts'
import type { Site } from '../../src/site.ts'
import type { App } from '../../src/store/nouns/apps.ts'
import type { Business } from '../../src/store/nouns/businesses.ts'
import type { Directory, Theme } from '../../src/store/nouns/directories.ts'
import type { Person } from '../../src/store/nouns/people.ts'
import type { Staff } from '../../src/store/nouns/staff.ts'
import { newEvent } from '../store/things.ts'
import type { TestSite } from './test-site.ts'
import { type Visitor, visit } from './visitor.ts'

export const PASSWORD = 'correct horse battery'

/** A minimal theme. */
export const THEME: Theme = {
  colors: { primary: '#0b6e4f', secondary: '#08a045', text: '#ffffff' },
  locale: 'en',
  logo: null,
  name: 'Northwind',
  powered_by: {
    parent_goto_url: null,
    parent_logo_bright: null,
    parent_logo_dark: null,
  },
}

/** An app with its secret. */
export interface TestApp extends App {
  secret: string
}

/** The people, businesses and apps of a story, made through the store; everything else goes through the public surface. */
export interface World {
  directory: Directory
  makeDirectory(name?: string, host?: string): Promise<Directory>
  makeBusiness(name: string, directory?: Directory): Promise<Business>
  makePerson(email: string, name: string, ...places: [Business, role?: string][]): Promise<Person & { staff: Staff[] }>
  makeApp(details?: Partial<App>): Promise<TestApp>
  makePlatformToken(kind: 'directory' | 'internal', directory?: Directory): Promise<string>
  /** A browser without cookies. */
  visitor(): Visitor
}

/** What making a world needs: a site to write with, and a way for visitors to reach it. */
export interface WorldSite extends Pick<TestSite, 'fetch' | 'origin'> {
  site: Pick<Site, 'store' | 'clock' | 'passwords'>
}

export async function makeWorld(test: WorldSite): Promise<World> {
  const { site } = test
  const { store, clock } = site
  const event = () => newEvent({ type: 'directory.created', at: clock.now() })

  const makeDirectory = async (name = 'Northwind', host = `${newUid(8)}.example.com`) => {
    const directory: Directory = {
      uid: newUid(),
      name,
      host,
      theme: { ...THEME, name },
      logo: null,
      supportUrl: null,
      privacyUrl: null,
      createdAt: clock.now(),
      endedAt: null,
    }
    await store.directories.add(directory, [host], event())
    return directory
  }
  const directory = await makeDirectory('Northwind', 'localhost')

  return {
    directory,
    makeDirectory,
    async makeBusiness(name, owner = directory) {
      const business = { uid: newUid(), directoryUid: owner.uid, name, createdAt: clock.now(), endedAt: null }
      await store.businesses.add(business, event())
      return business
    },
    async makePerson(email, name, ...places) {
      const person: Person = {
        uid: newUid(),
        email,
        emailKey: email.toLowerCase(),
        name,
        password: await site.passwords.seal(PASSWORD),
        createdAt: clock.now(),
        endedAt: null,
      }
      const staff: Staff[] = []
      for (const [business, role = 'owner'] of places) {
        const member = {
          uid: newUid(),
          businessUid: business.uid,
          personUid: person.uid,
          role,
          createdAt: clock.now(),
          endedAt: null,
        }
        await store.staff.add(member, staff.length === 0 ? person : undefined, event())
        staff.push(member)
      }
      return { ...person, staff }
    },
    async makeApp(details = {}) {
      const secret = newSecret()
      const redirectUri = details.redirectUri ?? 'https://app.example/callback'
      const app: App = {
        ...NO_SETTINGS,
        uid: newUid(),
        codeName: newUid(),
        clientId: newSecret(),
        directoryUid: directory.uid,
        name: 'Ledger',
        redirectUri,
        redirectUris: [redirectUri],
        public: false,
        scopes: ['openid', 'profile', 'email'],
        origin: 'platform',
        createdAt: clock.now(),
        endedAt: null,
        ...details,
      }
      const row = {
        uid: newUid(),
        appUid: app.uid,
        digest: digest(secret),
        name: 'first',
        createdAt: clock.now(),
        expiresAt: null,
      }
      await store.apps.add(app, app.public ? undefined : row, event())
      return { ...app, secret }
    },
    async makePlatformToken(kind, owner = directory) {
      const token = newToken(clock.now())
      const directoryUid = kind === 'directory' ? owner.uid : null
      const row = { digest: tokenDigest(token), uid: newUid(), kind, directoryUid, name: kind, createdAt: clock.now() }
      await store.platformTokens.add(row, event())
      return token
    },
    visitor: () => visit(test),
  }
}
