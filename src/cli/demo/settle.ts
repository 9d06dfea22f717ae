import { changeApp, registerApp } from '../../domain/apps/app.ts'
import { operatorActor } from '../../domain/audit/actor.ts'
import { createBusiness } from '../../domain/businesses/business.ts'
import { createDirectory } from '../../domain/businesses/directory.ts'
import { createStaff } from '../../domain/businesses/staff.ts'
import { createPlatformToken } from '../../domain/tokens/platform-token.ts'
import type { Site } from '../../site.ts'
import { Failure } from '../kit/exit.ts'
import { APPS, BUSINESSES, DIRECTORY, LOGO, PASSWORD, PEOPLE } from './cast.ts'
import type { Kept } from './kept.ts'
import type { DemoApp } from './samples.ts'

/** Sees to it that everything of the demo is there, and that its apps are sent back to where the sample app is this time. */
export async function settle(site: Site, kept: Kept | undefined, redirectUri: string): Promise<Kept> {
  const known = kept && (await site.store.directories.find(kept.directoryUid))
  if (!kept || !known) return make(site, redirectUri)
  for (const { codeName } of kept.apps) {
    const changed = await changeApp(codeName, { redirectUri, furtherRedirectUris: [] }, operatorActor, site)
    if (!changed || known.endedAt !== null) {
      throw new Failure('failed', 'changed', 'Something of the demo was ended. `--reset` makes it anew.')
    }
  }
  return kept
}

async function make(site: Site, redirectUri: string): Promise<Kept> {
  const { directory } = await createDirectory({ ...DIRECTORY, logo: Buffer.from(LOGO) }, operatorActor, site)
  const { token } = await createPlatformToken(
    { kind: 'directory', directoryUid: directory.uid, name: 'demo' },
    operatorActor,
    site,
  )
  const businesses: Kept['businesses'] = []
  for (const { name } of BUSINESSES) {
    const { uid } = await createBusiness({ directoryUid: directory.uid, name }, operatorActor, site)
    businesses.push({ uid, name })
  }
  for (const { email, name, roles } of PEOPLE) {
    for (const [business, role] of Object.entries(roles)) {
      const { uid: businessUid } = businesses.find((each) => each.name === business)!
      await createStaff({ businessUid, email, name, role, password: PASSWORD }, operatorActor, site)
    }
  }
  const apps: DemoApp[] = []
  for (const { slug, note, ...draft } of APPS) {
    const made = await registerApp({ ...draft, redirectUri, directoryUid: directory.uid }, operatorActor, site)
    const { codeName, clientId, name } = made.app
    apps.push({ slug, name, note, codeName, clientId, clientSecret: made.secret! })
  }
  return { directoryUid: directory.uid, directoryToken: token, businesses, apps }
}
