import { operatorActor } from '../../domain/audit/actor.ts'
import { command } from '../kit/command.ts'
import { withSite } from '../kit/with-site.ts'

export default command({
  options: {
    directory: { type: 'string', value: 'UID', required: true, sentence: 'The directory it is a customer of.' },
    name: { type: 'string', required: true, sentence: 'Its name, as people will read it.' },
  },
  examples: ['business create --directory k3v9x0c2m5q8r1tz --name "Dana\'s Salon"'],
  async run({ directory, name }, around) {
    const { createBusiness } = await import('../../domain/businesses/business.ts')
    const business = await withSite(around, (site) =>
      createBusiness({ directoryUid: directory, name }, operatorActor, site),
    )
    return {
      text: [
        `The business "${business.name}" was made: ${business.uid}`,
        '',
        'Next: give it someone who can sign in.',
        `  behalf staff create --business ${business.uid} --email … --name "…" --role owner`,
      ].join('\n'),
      json: { uid: business.uid, directory_uid: business.directoryUid, name: business.name },
    }
  },
})
