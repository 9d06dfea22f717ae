import { operatorActor } from '../domain/audit/actor.ts'
import { createStaff, endStaff } from '../domain/businesses/staff.ts'
import { needEmailKey } from '../domain/people/email-key.ts'
import { checkPassword } from '../domain/people/password.ts'
import { askPassword } from './kit/ask-password.ts'
import { command } from './kit/command.ts'
import { endCommand } from './kit/end-command.ts'
import { needPerson } from './kit/need.ts'
import { pickJson } from './kit/pick-json.ts'
import { table } from './kit/table.ts'
import { withSite } from './kit/with-site.ts'

export const create = command({
  options: {
    business: { value: 'UID', required: true, description: 'The business.' },
    email: { value: 'ADDRESS', required: true, description: 'The email that the person signs in with.' },
    name: { description: 'The name of the person; required when the email is new.' },
    'preferred-username': { description: 'The short name that a new person prefers. Left out: their email.' },
    role: { required: true, description: 'owner, admin, or another role such as front-desk.' },
    password: {
      value: 'PASSWORD',
      description:
        'The password of a new person. Other users of this machine can read command lines: better leave it out.',
    },
  },
  more: [
    'A person whose email exists already gets another membership and keeps name and password. For a new person the command asks for the',
    'password on the terminal, or reads it as one line from standard input when that is not a terminal.',
  ].join('\n'),
  examples: [
    'staff create --business BUSINESS_UID --email dana@example.com --name "Dana Levi" --role owner',
    'staff create --business BUSINESS_UID --email dana@example.com --name "Dana Levi" --role owner < password.txt',
  ],
  async run({ business, email, name, role, password, 'preferred-username': preferredUsername }, around) {
    const { staff, person, isNewPerson } = await withSite(around, async (site) => {
      const isKnown = (await site.store.people.findLiveByEmail(needEmailKey(email))) !== undefined
      const secret = isKnown ? undefined : (password ?? (await askPassword(`Password for ${email}: `, checkPassword)))
      const draft = { businessUid: business, email, name, preferredUsername, role, password: secret }
      return createStaff(draft, operatorActor, site)
    })
    const unused = password === undefined ? '' : '; the one given here was not used'
    const result = isNewPerson ? 'can sign in now' : `was known already and keeps name and password${unused}`
    return {
      text: `${person.name} is now ${staff.role} of the business ${staff.businessUid}: ${staff.uid}\n${person.email} ${result}.`,
      json: {
        ...pickJson(staff, 'uid', 'businessUid', 'personUid', 'role'),
        ...pickJson(person, 'email', 'name'),
        is_new_person: isNewPerson,
      },
    }
  },
})

export const list = command({
  options: { email: { value: 'ADDRESS', required: true, description: 'The email of the person.' } },
  examples: ['staff list --email dana@example.com'],
  async run({ email }, around) {
    const { person, memberships } = await withSite(around, async (site) => {
      const person = await needPerson(email, site)
      return { person, memberships: await site.store.staff.memberships(person.uid) }
    })
    const rows = memberships.map((each) => [each.staffUid, each.role, each.businessUid, each.businessName])
    return {
      text: table(['UID', 'ROLE', 'BUSINESS', 'NAME'], rows, `${person.email} is not a staff member of any business.`),
      json: {
        person_uid: person.uid,
        ...pickJson(person, 'email', 'name'),
        staff: memberships.map((each) => ({
          uid: each.staffUid,
          ...pickJson(each, 'role', 'businessUid', 'businessName', 'directoryUid'),
        })),
      },
    }
  },
})

export const end = endCommand({
  what: 'The membership',
  argument: { value: 'UID', description: 'The membership, as `behalf staff list` shows it.' },
  example: 'staff end UID',
  end: (uid, site) => endStaff(uid, operatorActor, site),
})
