import { operatorActor } from '../domain/audit/actor.ts'
import { createBusiness, endBusiness } from '../domain/businesses/business.ts'
import { command } from './kit/command.ts'
import { endCommand } from './kit/end-command.ts'
import { listCommand } from './kit/list-command.ts'
import { pickJson } from './kit/pick-json.ts'
import { withSite } from './kit/with-site.ts'

export const create = command({
  options: {
    directory: { value: 'UID', required: true, description: 'The directory that the business is a customer of.' },
    name: { required: true, description: 'Its name, as people see it.' },
  },
  examples: ['business create --directory DIRECTORY_UID --name "Dana\'s Salon"'],
  async run({ directory, name }, around) {
    const draft = { directoryUid: directory, name }
    const business = await withSite(around, (site) => createBusiness(draft, operatorActor, site))
    return {
      text: [
        `The business "${business.name}" was created: ${business.uid}`,
        '',
        'Next, add a person who can sign in:',
        `  behalf staff create --business ${business.uid} --email … --name "…" --role owner`,
      ].join('\n'),
      json: pickJson(business, 'uid', 'directoryUid', 'name'),
    }
  },
})

export const list = listCommand({
  of: 'businesses',
  options: { directory: { value: 'UID', description: 'Only the businesses of this directory.' } },
  examples: ['business list', 'business list --directory DIRECTORY_UID'],
  rows: ({ directory }, { store }) => store.businesses.list(directory),
  columns: { UID: 'uid', NAME: 'name', DIRECTORY: 'directoryUid', SINCE: 'createdAt', '': 'endedAt' },
  json: ['uid', 'directoryUid', 'name', 'createdAt', 'endedAt'],
  none: 'There are no businesses yet.',
})

export const end = endCommand({
  what: 'The business',
  argument: { value: 'UID', description: 'The business.' },
  example: 'business end UID',
  end: (uid, site) => endBusiness(uid, operatorActor, site),
})
