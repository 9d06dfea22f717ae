import { operatorActor } from '../../domain/audit/actor.ts'
import { command } from '../kit/command.ts'
import { withSite } from '../kit/with-site.ts'

export default command({
  options: {
    business: { type: 'string', value: 'UID', required: true, sentence: 'The business.' },
    email: { type: 'string', value: 'ADDRESS', required: true, sentence: 'The e-mail the person signs in with.' },
    name: { type: 'string', sentence: 'The name of the person; needed when the e-mail is not known yet.' },
    role: { type: 'string', required: true, sentence: 'owner, admin, or another role such as front-desk.' },
    password: {
      type: 'string',
      value: 'PASSWORD',
      sentence: 'The password of a new person. Others on this machine can read command lines: better leave it out.',
    },
  },
  more: [
    'Someone whose e-mail is known already gets one more membership and keeps name and password. For someone new the password',
    'is asked for on the terminal, or read as one line from standard input when that is no terminal.',
  ].join('\n'),
  examples: [
    'staff create --business k3v9x0c2m5q8r1tz --email dana@example.com --name "Dana Levi" --role owner',
    'staff create --business k3v9x0c2m5q8r1tz --email dana@example.com --name "Dana Levi" --role owner < password.txt',
  ],
  async run({ business, email, name, role, password }, around) {
    const [{ createStaff }, { needEmailKey, checkPassword }, { askPassword }] = await Promise.all([
      import('../../domain/businesses/staff.ts'),
      import('../../domain/people/person.ts'),
      import('../kit/ask-password.ts'),
    ])
    const made = await withSite(around, async (site) => {
      const isKnown = (await site.store.people.findLiveByEmail(needEmailKey(email))) !== undefined
      const secret = isKnown ? undefined : (password ?? (await askPassword(`Password for ${email}: `, checkPassword)))
      return createStaff({ businessUid: business, email, name, role, password: secret }, operatorActor, site)
    })
    const { staff, person, isNewPerson } = made
    const sentence = isNewPerson
      ? `${person.email} can sign in now.`
      : `${person.email} was known already and keeps name and password${password === undefined ? '' : '; the one given here was not used'}.`
    return {
      text: `${person.name} is now ${staff.role} of the business ${staff.businessUid}: ${staff.uid}\n${sentence}`,
      json: {
        uid: staff.uid,
        business_uid: staff.businessUid,
        person_uid: person.uid,
        email: person.email,
        name: person.name,
        role: staff.role,
        is_new_person: isNewPerson,
      },
    }
  },
})
