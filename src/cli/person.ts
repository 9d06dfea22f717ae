import { operatorActor } from '../domain/audit/actor.ts'
import { changePerson, endPerson, erasePerson, setPassword } from '../domain/people/change-person.ts'
import { checkPassword } from '../domain/people/password.ts'
import type { ProfileField } from '../domain/people/profile.ts'
import type { Site } from '../site.ts'
import type { Person } from '../store/nouns/people.ts'
import { askPassword } from './kit/ask-password.ts'
import { command } from './kit/command.ts'
import { notFound, usageFailure } from './kit/exit.ts'
import { needPerson } from './kit/need.ts'
import { pickJson } from './kit/pick-json.ts'
import { withSite } from './kit/with-site.ts'

/** The options that write a field of the profile. */
const PROFILE = {
  'given-name': { description: 'Given name.' },
  'family-name': { description: 'Family name.' },
  'middle-name': { description: 'Middle name.' },
  nickname: { description: 'Nickname.' },
  'preferred-username': { description: 'The short name that the person prefers.' },
  profile: { value: 'URL', description: 'A page about the person.' },
  picture: { value: 'URL', description: 'A picture of the person.' },
  website: { value: 'URL', description: 'The website of the person.' },
  gender: { description: 'Gender.' },
  birthdate: { value: 'DATE', description: 'Such as 1990-12-31; 0000-12-31 omits the year.' },
  zoneinfo: { value: 'ZONE', description: 'Time zone, such as Europe/Paris.' },
  locale: { value: 'TAG', description: 'Language, such as en or pt-BR.' },
  phone: { value: 'NUMBER', description: 'With country code, such as +33142685300.' },
  address: { value: 'JSON', description: 'Such as {"street_address":"1 Quay","country":"FR"}.' },
} as const
const PROFILE_OPTIONS = Object.keys(PROFILE) as (keyof typeof PROFILE)[]

const fieldOf = (option: keyof typeof PROFILE): ProfileField =>
  option === 'phone' ? 'phone_number' : (option.replaceAll('-', '_') as ProfileField)

export const change = command({
  options: {
    name: { description: 'The name that people and apps see.' },
    ...PROFILE,
    'email-verified': { flag: true, description: 'You verified that the email belongs to the person.' },
    'email-unverified': { flag: true, description: 'The email may not belong to the person.' },
    'phone-verified': { flag: true, description: 'You verified that the phone number belongs to the person.' },
    clear: { value: 'OPTION', multiple: true, description: 'Removes a field, such as phone.' },
  },
  argument: { value: 'EMAIL', description: 'The email of the person.', required: true },
  more: [
    'Sets the claims of OpenID Connect that apps receive about a person, if they are allowed to. An email or a phone number counts as verified',
    'only when you say so here; a new phone number has to be verified again.',
  ].join('\n'),
  examples: [
    'person change dana@example.com --given-name Dana --family-name Levi --locale he --email-verified',
    'person change dana@example.com --phone +33142685300 --phone-verified --clear picture',
  ],
  async run(values, around, email) {
    const profile: Partial<Record<ProfileField, string | null>> = {}
    for (const option of PROFILE_OPTIONS) {
      if (values[option] !== undefined) profile[fieldOf(option)] = values[option]
    }
    for (const given of values.clear) {
      const option = PROFILE_OPTIONS.find((each) => each === given)
      if (option === undefined || values[option] !== undefined) {
        throw usageFailure(`--clear ${given}: use one of ${PROFILE_OPTIONS.join(', ')}, and do not set it as well.`)
      }
      profile[fieldOf(option)] = null
    }
    const { name, 'email-verified': isVerified, 'email-unverified': isUnverified } = values
    if (isVerified && isUnverified) throw usageFailure('Use either --email-verified or --email-unverified.')
    const emailVerified = isVerified ? true : isUnverified ? false : undefined
    const draft = { name, emailVerified, phoneVerified: values['phone-verified'] || undefined, profile }
    const person = await withSite(around, async (site) =>
      changePerson(await needPerson(email!, site), draft, operatorActor, site),
    )
    const verified = person.emailVerified ? 'verified' : 'not verified'
    return {
      text: `${person.name}, ${person.email} (${verified}): ${JSON.stringify(person.profile ?? {})}`,
      json: {
        ...pickJson(person, 'uid', 'email', 'name'),
        email_verified: person.emailVerified ?? false,
        ...person.profile,
      },
    }
  },
})

export const password = command({
  options: {
    email: { value: 'ADDRESS', required: true, description: 'The email of the person.' },
    password: {
      value: 'PASSWORD',
      description: 'The new password. Other users of this machine can read command lines: better leave it out.',
    },
  },
  more: [
    'The old password and all sessions of the person end at once, on every server. The command asks for the password on the terminal, or reads',
    'it as one line from standard input when that is not a terminal. The apps that the person allowed stay connected: `behalf install end`',
    'disconnects one.',
  ].join('\n'),
  examples: [
    'person password --email dana@example.com',
    'person password --email dana@example.com --json < password.txt',
  ],
  async run({ email, password }, around) {
    const person = await withSite(around, async (site) => {
      const person = await needPerson(email, site)
      const secret = password ?? (await askPassword(`New password for ${person.email}: `, checkPassword))
      if (await setPassword(person, secret, operatorActor, site)) return person
      throw notFound(`${person.email} was ended in the meantime.`)
    })
    return {
      text: `${person.email} has a new password and was signed out everywhere.`,
      json: pickJson(person, 'uid', 'email'),
    }
  },
})

/** Which person: by email, or by uid, which also finds one that was ended. */
const WHICH = {
  options: { uid: { value: 'UID', description: 'The uid of the person, as the audit shows it.' } },
  argument: { value: 'EMAIL', description: 'The email of the person.' },
} as const

async function findWhich(email: string | undefined, uid: string | undefined, site: Site): Promise<Person | undefined> {
  if ((uid === undefined) === (email === undefined)) {
    throw usageFailure('Say which person: either the email or --uid UID.')
  }
  return uid === undefined ? needPerson(email!, site) : site.store.people.find(uid)
}

export const erase = command({
  ...WHICH,
  more: [
    'This cannot be undone. Email, name, password and profile are removed from the database; the person is signed out and ended, as with',
    '`behalf person end`. The audit, memberships and approvals keep the uid, which names no one any more. Backups and the logs of proxies keep what',
    'they have. Without the email of an ended person, use --uid.',
  ].join('\n'),
  examples: ['person erase dana@example.com', 'person erase --uid UID'],
  async run({ uid }, around, email) {
    const erased = await withSite(around, async (site) => {
      const person = await findWhich(email, uid, site)
      const at = person && (await erasePerson(person, operatorActor, site))
      return at && { uid: person.uid, erasedAt: at }
    })
    if (!erased) throw notFound('This person does not exist, or was erased before.')
    return { text: `The personal data of ${erased.uid} was removed.`, json: pickJson(erased, 'uid', 'erasedAt') }
  },
})

export const end = command({
  ...WHICH,
  more: [
    'This cannot be undone, and takes effect at once on every server: the person is signed out and cannot sign in again, and every token that',
    'they allowed for any business ends. Another person can use the email. `behalf staff end` ends one membership only.',
  ].join('\n'),
  examples: ['person end dana@example.com', 'person end --uid UID'],
  async run({ uid }, around, email) {
    const ended = await withSite(around, async (site) => {
      const person = await findWhich(email, uid, site)
      return person && endPerson(person, operatorActor, site)
    })
    if (!ended) throw notFound('This person does not exist, or was ended before.')
    return { text: `${ended.email} was ended.`, json: pickJson(ended, 'uid', 'email', 'endedAt') }
  },
})
