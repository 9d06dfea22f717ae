import { isRecord, parseJson } from '../../kit/json.ts'
import type { Profile } from '../../store/nouns/people.ts'
import { faultOfWebUri } from '../apps/web-uri.ts'
import { readName } from '../businesses/name.ts'
import { refuse } from './refusals.ts'

/** The parts of a profile that an operator writes, as texts. Whether the phone number is verified is set separately. */
export type ProfileField = Exclude<keyof Profile, 'phone_number_verified' | 'updated_at'>

const ADDRESS_PARTS = ['formatted', 'street_address', 'locality', 'region', 'postal_code', 'country']

const LANGUAGE_TAG = /^[A-Za-z]{2,8}(-[A-Za-z\d]{1,8}){0,4}$/
/** E.164, as OpenID Connect Core §5.1 recommends. */
const PHONE = /^\+[1-9]\d{4,14}(;ext=\d{1,11})?$/

/** How each part is read, into the shape that OpenID Connect Core §5.1 defines. */
const READ: Record<ProfileField, (text: string, field: string) => unknown> = {
  family_name: readName,
  given_name: readName,
  middle_name: readName,
  nickname: readName,
  preferred_username: readName,
  profile: readAddressOfWeb,
  picture: readAddressOfWeb,
  website: readAddressOfWeb,
  gender: readName,
  birthdate: shaped(isDate, 'profile.date'),
  zoneinfo: shaped(isZone, 'profile.zone'),
  locale: shaped((text) => LANGUAGE_TAG.test(text), 'profile.language'),
  phone_number: shaped((text) => PHONE.test(text), 'profile.phone'),
  address: readAddress,
}
export const PROFILE_FIELDS = Object.keys(READ) as ProfileField[]

/** Returns the profile with the given fields changed; null removes one. Throws a Refusal that names the field. */
export function mergeProfile(given: Partial<Record<ProfileField, string | null>>, was: Profile): Profile {
  const merged: Record<string, unknown> = { ...was }
  for (const field of PROFILE_FIELDS) {
    const text = given[field]
    if (text === undefined) continue
    if (text === null) delete merged[field]
    else merged[field] = READ[field](text, field)
  }
  // Only the former number was verified.
  if (merged.phone_number !== was.phone_number) delete merged.phone_number_verified
  return merged as Profile
}

function readAddressOfWeb(text: string, field: string): string {
  const fault = faultOfWebUri(text)
  return fault ? refuse('profile.uri', { field, fault }) : text
}

/** Returns a reader that refuses a text for which `isRight` is false. */
function shaped(isRight: (text: string) => boolean, key: `profile.${'date' | 'zone' | 'language' | 'phone'}`) {
  return (text: string, field: string) => (isRight(text) ? text : refuse(key, { field }))
}

function isDate(text: string): boolean {
  // The year may be 0000 when it is not known, which is a leap year.
  const isDay = /^\d{4}-\d{2}-\d{2}$/.test(text) && new Date(`${text}T00:00:00Z`).toJSON()?.slice(0, 10) === text
  return isDay || /^\d{4}$/.test(text)
}

function isZone(text: string): boolean {
  if (!/^[A-Za-z][A-Za-z\d_+-]{0,30}(\/[A-Za-z\d_+-]{1,30}){0,2}$/.test(text)) return false
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone: text }))
  } catch {
    return false
  }
}

/** Reads the JSON object of OpenID Connect Core §5.1.1. Lines of `formatted` and `street_address` are separated by a line feed. */
function readAddress(text: string, field: string): Profile['address'] {
  const parts = parseJson(text)
  const entries = isRecord(parts) ? Object.entries(parts) : []
  const isRight = ([part, value]: [string, unknown]) =>
    ADDRESS_PARTS.includes(part) && typeof value === 'string' && value.split('\n').length <= 6
  if (entries.length === 0 || !entries.every(isRight))
    refuse('profile.address', { field, parts: ADDRESS_PARTS.join(', ') })
  const readLines = ([part, value]: [string, unknown]) => {
    const lines = String(value).split('\n')
    return [part, lines.map((line) => readName(line, `${field}.${part}`)).join('\n')]
  }
  return Object.fromEntries(entries.map(readLines))
}
