import { needEmailKey } from '../../domain/people/email-key.ts'
import type { Site } from '../../site.ts'
import type { App } from '../../store/nouns/apps.ts'
import type { Person } from '../../store/nouns/people.ts'
import { notFound, usageFailure } from './exit.ts'

type Stored = Pick<Site, 'store'>

/** The option or argument that `needApp` reads. */
export const APP = { value: 'APP', required: true, description: 'The uid or code name of the app.' } as const

/** The live app with this uid or code name. */
export async function findLiveApp(given: string, { store }: Stored): Promise<App | undefined> {
  return (await store.apps.findLive(given)) ?? store.apps.findLiveByCodeName(given)
}

/** The live app with this uid or code name. Throws a Failure when there is none. */
export async function needApp(given: string, site: Stored): Promise<App> {
  const found = await findLiveApp(given, site)
  if (!found) throw notFound('There is no such app.', { app: given })
  return found
}

/** The live person with this email. Throws a Failure when there is none. */
export async function needPerson(email: string, { store }: Stored): Promise<Person> {
  const found = await store.people.findLiveByEmail(needEmailKey(email))
  if (!found) throw notFound(`No person has the email ${email}.`)
  return found
}

/** Throws a Failure unless exactly one of `--directory` and `--internal` was given. */
export function checkOneOwner(
  { directory, internal }: { directory?: string | undefined; internal: boolean },
  what: string,
) {
  if (internal === (directory !== undefined)) {
    throw usageFailure(`Say who owns the ${what}: either --directory UID or --internal.`)
  }
}
