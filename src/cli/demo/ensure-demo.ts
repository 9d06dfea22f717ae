import { changeApp, registerApp } from '../../domain/apps/app.ts'
import { operatorActor } from '../../domain/audit/actor.ts'
import { createBusiness } from '../../domain/businesses/business.ts'
import { createDirectory } from '../../domain/businesses/directory.ts'
import { createStaff } from '../../domain/businesses/staff.ts'
import { createPlatformToken } from '../../domain/tokens/platform-token.ts'
import type { Site } from '../../site.ts'
import { Failure } from '../kit/exit.ts'
import { APPS, BUSINESSES, DIRECTORY, LOGO, PASSWORD, PEOPLE } from './demo-data.ts'
import type { DemoApp, DemoState } from './demo-folder.ts'

/** Returns the state of the earlier run with the redirect URI of this run, or creates the demo. Throws a Failure when a part of it was ended. */
export async function ensureDemo(site: Site, earlier: DemoState | undefined, redirectUri: string): Promise<DemoState> {
  const directory = earlier && (await site.store.directories.find(earlier.directoryUid))
  if (!earlier || !directory) return createDemo(site, redirectUri)
  for (const { codeName } of earlier.apps) {
    const changed = await changeApp(codeName, { redirectUri, furtherRedirectUris: [] }, operatorActor, site)
    if (!changed || directory.endedAt !== null) {
      throw new Failure('failed', 'changed', 'A part of the demo was ended. `--reset` starts over.')
    }
  }
  return earlier
}

async function createDemo(site: Site, redirectUri: string): Promise<DemoState> {
  const { directory } = await createDirectory({ ...DIRECTORY, logo: Buffer.from(LOGO) }, operatorActor, site)
  const { token } = await createPlatformToken(
    { kind: 'directory', directoryUid: directory.uid, name: 'demo' },
    operatorActor,
    site,
  )
  const businesses: DemoState['businesses'] = []
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
