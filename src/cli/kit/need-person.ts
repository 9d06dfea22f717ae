import type { Site } from '../../site.ts'
import type { Person } from '../../store/nouns/people.ts'
import { Failure } from './exit.ts'

/** The living person with this e-mail; without one the command fails. */
export async function needPerson(email: string, { store }: Pick<Site, 'store'>): Promise<Person> {
  const { needEmailKey } = await import('../../domain/people/person.ts')
  const found = await store.people.findLiveByEmail(needEmailKey(email))
  if (!found) throw new Failure('missing', 'not_found', `Nobody has the e-mail ${email}.`)
  return found
}
