import { command } from '../kit/command.ts'
import { needPerson } from '../kit/need-person.ts'
import { table } from '../kit/table.ts'
import { withSite } from '../kit/with-site.ts'

export default command({
  options: {
    email: { type: 'string', value: 'ADDRESS', required: true, sentence: 'The e-mail of the person.' },
  },
  examples: ['staff list --email dana@example.com'],
  async run({ email }, around) {
    const { person, memberships } = await withSite(around, async (site) => {
      const found = await needPerson(email, site)
      return { person: found, memberships: await site.store.staff.memberships(found.uid) }
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
