import { operatorActor } from '../../domain/audit/actor.ts'
import type { ProfileField } from '../../domain/people/profile.ts'
import { command } from '../kit/command.ts'
import { Failure } from '../kit/exit.ts'
import { needPerson } from '../kit/need-person.ts'
import { withSite } from '../kit/with-site.ts'

/** The options that write a field of the profile. */
const FIELDS: Record<string, ProfileField> = {
  'given-name': 'given_name',
  'family-name': 'family_name',
  'middle-name': 'middle_name',
  nickname: 'nickname',
  'preferred-username': 'preferred_username',
  profile: 'profile',
  picture: 'picture',
  website: 'website',
  gender: 'gender',
  birthdate: 'birthdate',
  zoneinfo: 'zoneinfo',
  locale: 'locale',
  phone: 'phone_number',
  address: 'address',
}

export default command({
  options: {
    name: { type: 'string', sentence: 'The name that people and apps see.' },
    'given-name': { type: 'string', sentence: 'Given name.' },
    'family-name': { type: 'string', sentence: 'Family name.' },
    'middle-name': { type: 'string', sentence: 'Middle name.' },
    nickname: { type: 'string', sentence: 'Nickname.' },
    'preferred-username': { type: 'string', sentence: 'The short name they go by.' },
    profile: { type: 'string', value: 'URL', sentence: 'A page about them.' },
    picture: { type: 'string', value: 'URL', sentence: 'A picture of them.' },
    website: { type: 'string', value: 'URL', sentence: 'Their website.' },
    gender: { type: 'string', sentence: 'Gender.' },
    birthdate: { type: 'string', value: 'DATE', sentence: 'Such as 1990-12-31; 0000-12-31 leaves the year open.' },
    zoneinfo: { type: 'string', value: 'ZONE', sentence: 'Time zone, such as Europe/Paris.' },
    locale: { type: 'string', value: 'TAG', sentence: 'Language, such as en or pt-BR.' },
    phone: { type: 'string', value: 'NUMBER', sentence: 'With country code, such as +33142685300.' },
    address: { type: 'string', value: 'JSON', sentence: 'Such as {"street_address":"1 Quay","country":"FR"}.' },
    'email-verified': { type: 'boolean', sentence: 'You made sure that the e-mail is theirs.' },
    'email-unverified': { type: 'boolean', sentence: 'The e-mail may not be theirs.' },
    'phone-verified': { type: 'boolean', sentence: 'You made sure that the phone number is theirs.' },
    clear: { type: 'string', value: 'OPTION', multiple: true, sentence: 'Takes a field away, such as phone.' },
  },
  argument: { value: 'EMAIL', sentence: 'The e-mail of the person.', required: true },
  more: [
    'What apps may be told of a person, where they were allowed to: the claims of OpenID Connect. An e-mail or a phone number counts as',
    'verified only when you say so here; another phone number has to be verified anew.',
  ].join('\n'),
  examples: [
    'person change dana@example.com --given-name Dana --family-name Levi --locale he --email-verified',
    'person change dana@example.com --phone +33142685300 --phone-verified --clear picture',
  ],
  async run(values, around, email) {
    const given = values as unknown as Record<string, string | undefined>
    const profile = Object.fromEntries(
      Object.entries(FIELDS).flatMap(([option, field]) =>
        given[option] === undefined ? [] : [[field, given[option] as string | null]],
      ),
    )
    for (const option of values.clear) {
      const field = Object.hasOwn(FIELDS, option) ? FIELDS[option]! : undefined
      if (field === undefined || profile[field] !== undefined) {
        throw new Failure(
          'usage',
          'usage',
          `--clear ${option}: say one of ${Object.keys(FIELDS).join(', ')}, and not both.`,
        )
      }
      profile[field] = null
    }
    if (values['email-verified'] && values['email-unverified']) {
      throw new Failure('usage', 'usage', 'An e-mail is verified or it is not; say one of them.')
    }
    const { changePerson } = await import('../../domain/people/change-person.ts')
    const person = await withSite(around, async (site) =>
      changePerson(
        await needPerson(email!, site),
        {
          name: values.name,
          emailVerified: values['email-verified'] ? true : values['email-unverified'] ? false : undefined,
          phoneVerified: values['phone-verified'] || undefined,
          profile,
        },
        operatorActor,
        site,
      ),
    )
    const verified = person.emailVerified ? 'verified' : 'not verified'
    return {
      text: `${person.name}, ${person.email} (${verified}): ${JSON.stringify(person.profile ?? {})}`,
      json: {
        uid: person.uid,
        email: person.email,
        email_verified: person.emailVerified ?? false,
        name: person.name,
        ...person.profile,
      },
    }
  },
})
