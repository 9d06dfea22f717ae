import type { Profile } from '../../store/nouns/people.ts'
import { faultOfWebUri } from '../apps/web-uri.ts'
import { readName } from '../businesses/name.ts'
import { refuse } from './refusals.ts'

/** The parts of a profile that an operator writes, as texts. Whether a phone number is verified is said apart from it. */
export type ProfileField = Exclude<keyof Profile, 'phone_number_verified' | 'updated_at'>

const ADDRESS_PARTS = ['formatted', 'street_address', 'locality', 'region', 'postal_code', 'country']

/** How each is read, in the shape that OpenID Connect Core §5.1 has for it. */
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
  birthdate: readDate,
  zoneinfo: readZone,
  locale: readLocale,
  phone_number: readPhone,
  address: readAddress,
}
export const PROFILE_FIELDS = Object.keys(READ) as ProfileField[]

/** Lays the fields given over what was; null takes one away. Refuses a field that is not right by its name. */
export function settleProfile(given: Partial<Record<ProfileField, string | null>>, was: Profile): Profile {
  const settled: Record<string, unknown> = { ...was }
  for (const field of PROFILE_FIELDS) {
    const text = given[field]
    if (text === undefined) continue
    if (text === null) delete settled[field]
    else settled[field] = READ[field](text, field)
  }
  // What was verified was the number that stood there before.
  if (settled.phone_number !== was.phone_number) delete settled.phone_number_verified
  return settled as Profile
}

function readAddressOfWeb(text: string, field: string): string {
  const fault = faultOfWebUri(text)
  return fault ? refuse('profile.url', { field, fault }) : text
}

function readDate(text: string, field: string): string {
  const isYear = /^\d{4}$/.test(text)
  // The year may be left open as 0000, which is a leap year.
  const isDay = /^\d{4}-\d{2}-\d{2}$/.test(text) && new Date(`${text}T00:00:00Z`).toJSON()?.slice(0, 10) === text
  return isYear || isDay ? text : refuse('profile.date', { field })
}

function readZone(text: string, field: string): string {
  const isShaped = /^[A-Za-z][A-Za-z\d_+-]{0,30}(\/[A-Za-z\d_+-]{1,30}){0,2}$/.test(text)
  try {
    if (isShaped) return new Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions() && text
  } catch {
    // There is no such time zone.
  }
  return refuse('profile.zone', { field })
}

function readLocale(text: string, field: string): string {
  const isTag = /^[A-Za-z]{2,8}(-[A-Za-z\d]{1,8}){0,4}$/.test(text)
  return isTag ? text : refuse('profile.locale', { field })
}

/** E.164, as OpenID Connect Core §5.1 recommends. */
function readPhone(text: string, field: string): string {
  const isPhone = /^\+[1-9]\d{4,14}(;ext=\d{1,11})?$/.test(text)
  return isPhone ? text : refuse('profile.phone', { field })
}

/** The JSON object of OpenID Connect Core §5.1.1; lines of `formatted` and `street_address` are parted by a line feed. */
function readAddress(text: string, field: string): Profile['address'] {
  const wrong = { field, parts: ADDRESS_PARTS.join(', ') }
  let parts: unknown
  try {
    parts = JSON.parse(text)
  } catch {
    refuse('profile.address', wrong)
  }
  if (typeof parts !== 'object' || parts === null || Array.isArray(parts)) return refuse('profile.address', wrong)
  const entries = Object.entries(parts).map(([part, value]) => {
    const lines = typeof value === 'string' ? value.split('\n') : []
    if (!ADDRESS_PARTS.includes(part) || lines.length === 0 || lines.length > 6) refuse('profile.address', wrong)
    return [part, lines.map((line) => readName(line, `${field}.${part}`)).join('\n')]
  })
  return entries.length > 0 ? Object.fromEntries(entries) : refuse('profile.address', wrong)
}
