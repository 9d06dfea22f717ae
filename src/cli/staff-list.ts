import { command } from './command.ts'
import { Failure } from './exit.ts'
import { table } from './table.ts'
import { withSite } from './with-site.ts'

export default command({
  options: {
    email: { type: 'string', value: 'ADDRESS', required: true, sentence: 'The e-mail of the person.' },
  },
  examples: ['staff list --email dana@example.com'],
  async run({ email }, around) {
    const { needEmailKey } = await import('../domain/person.ts')
    const { person, memberships } = await withSite(around, async ({ store }) => {
      const found = await store.people.findByEmail(needEmailKey(email))
      if (!found) throw new Failure('missing', 'not_found', `Nobody has the e-mail ${email}.`)
      return { person: found, memberships: await store.staff.memberships(found.uid) }
    })
    const rows = memberships.map((each) => [each.staffUid, each.role, each.businessUid, each.businessName])
    return {
      text: table(['UID', 'ROLE', 'BUSINESS', 'NAME'], rows, `${person.email} is staff of no business.`),
      json: {
        person_uid: person.uid,
        email: person.email,
        name: person.name,
        staff: memberships.map(({ staffUid, role, businessUid, businessName, directoryUid }) => ({
          uid: staffUid,
          role,
          business_uid: businessUid,
          business_name: businessName,
          directory_uid: directoryUid,
        })),
      },
    }
  },
})
