import { z } from 'zod'
import { readImage } from '../../kit/image.ts'
import type { App } from '../../store/nouns/apps.ts'
import { readSetting } from './read-setting.ts'
import { refuse, refuseSetting } from './refusals.ts'
import { BY_APP, BY_OTHERS, type Setter } from './setting.ts'
import { name, ruled, webUri } from './setting-kinds.ts'

/** Who sends settings: the platform or a partner (`others`), or the app about itself. */
export interface DraftRules {
  env: 'development' | 'production'
  by: 'others' | 'app'
}

/** A field that describes an app for people and means nothing to the protocol. */
interface ListingField {
  readonly setBy: readonly Setter[]
  readonly read: z.ZodType
  /** Whether it may be said once more for a language: `client_name#fr` (RFC 7591 §2.2). */
  readonly isTranslated?: true
}

const MOST_DEPTH = 6
const MOST_MEMBERS = 500
const MOST_CHARACTERS = 5000
const MOST_PICTURE_CHARACTERS = 12_000
const MOST_LISTING_CHARACTERS = 16_384
const MOST_TRANSLATIONS = 40

const value = ruled(z.unknown(), (given) => faultOfValue(given))
const link = ruled(value, (given) => faultOfLink(given))
const line = ruled(z.string('must be one line of at most 200 characters'), (given) =>
  given.length <= 200 && !/[\p{Cc}\p{Cs}]/u.test(given) ? undefined : 'must be one line of at most 200 characters',
)
const kept: ListingField = { setBy: BY_OTHERS, read: value }
const keptLink: ListingField = { setBy: BY_OTHERS, read: link }
const own = (read: z.ZodType): ListingField => ({ setBy: BY_APP, read })
const translated = (read: z.ZodType): ListingField => ({ setBy: BY_APP, read, isTranslated: true })

/**
 * What describes an app in a market and to people (RFC 7591 §2, OpenID Connect Registration §2). It is kept in the JSON column `listing` and
 * given back as it came, under the name it came by, which therefore is ours too. No script passes for a link: some are shown on pages.
 */
export const listingFields: Readonly<Record<string, ListingField>> = {
  api_uri: keptLink,
  app_features: kept,
  app_layer: kept,
  app_type: kept,
  contact_support_link: {
    setBy: BY_OTHERS,
    read: ruled(value, (given) => faultOfLink(given, ['https:', 'http:', 'mailto:'])),
  },
  deep_link: {
    setBy: BY_OTHERS,
    read: ruled(value, (given) => (isHarmless(given) ? undefined : 'must not be a script or a document in itself')),
  },
  description: { setBy: BY_OTHERS, read: ruled(value, faultOfDescription) },
  full_screen: kept,
  locales: kept,
  menu_items: kept,
  open_channel: kept,
  open_in_new_tab: kept,
  payment_data: kept,
  personal_connection: kept,
  privacy_policy_link: keptLink,
  supported_countries: kept,
  url_params: kept,
  client_name: translated(name),
  client_uri: translated(webUri),
  logo_uri: translated(webUri),
  tos_uri: translated(webUri),
  policy_uri: translated(webUri),
  initiate_login_uri: own(webUri),
  software_id: own(line),
  software_version: own(line),
  contacts: own(
    z
      .array(line, 'must be a list of at most 10 e-mail addresses')
      .max(10, 'must be a list of at most 10 e-mail addresses'),
  ),
}

/** Where an app says that its logo is. */
export const logoUriOf = ({ listing }: App): unknown => listing.logo_uri

/** Picks the descriptive fields out of what came, as far as this author may set them. */
export function pickListing(record: Record<string, unknown>, by: DraftRules['by']): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).filter(([given]) => findField(given, by)))
}

/** Reads descriptive fields. Throws a Refusal that names the first one that is not right. */
export function readListing(listing: Record<string, unknown>, { env, by }: DraftRules): Record<string, unknown> {
  const read: Record<string, unknown> = {}
  for (const [given, content] of Object.entries(listing)) {
    if (content === null || (content === '' && by === 'app')) {
      if (by === 'others') read[given] = null
      continue
    }
    const field = findField(given, by)!
    read[given] = readSetting(given, field.read, content)
    if (field.read === webUri && env === 'production' && !String(content).startsWith('https:'))
      refuseSetting(given, 'cannot be used: use https')
  }
  const excess = Object.keys(read).filter((each) => each.includes('#'))[MOST_TRANSLATIONS]
  if (excess !== undefined) refuseSetting(excess, `is one translation more than ${MOST_TRANSLATIONS}`)
  return read
}

/** Lays descriptive fields over those that were; null takes one away. */
export function mergeListing(given: App['listing'], was: App['listing']): App['listing'] {
  const merged = Object.entries({ ...was, ...given }).filter(([, content]) => content !== null)
  const sizes = merged.map(([field, content]) => ({ field, size: JSON.stringify(content).length }))
  if (sizes.reduce((sum, { field, size }) => sum + field.length + size, 0) > MOST_LISTING_CHARACTERS) {
    const [largest] = sizes.sort((a, b) => b.size - a.size)
    refuse('listing.too-large', { field: largest!.field, most: MOST_LISTING_CHARACTERS })
  }
  return Object.fromEntries(merged)
}

function findField(given: string, by: DraftRules['by']): ListingField | undefined {
  const [, base = given, language] = /^(\w+)#([A-Za-z]{2,8}(?:-[A-Za-z\d]{1,8}){0,4})$/.exec(given) ?? []
  const field = Object.hasOwn(listingFields, base) ? listingFields[base]! : undefined
  // What is said without a language is the name itself, a setting of its own.
  if (!field || (language === undefined ? base === 'client_name' : !field.isTranslated)) return undefined
  return field.setBy.includes('app') === (by === 'app') ? field : undefined
}

/** Bounds what is kept; its depth above all, for a value that is too deep cannot be written as JSON again. */
function faultOfValue(given: unknown, depth = 0): string | undefined {
  if (typeof given === 'string') {
    const most = given.startsWith('data:image/') ? MOST_PICTURE_CHARACTERS : MOST_CHARACTERS
    if (given.length > most) return `holds a text of more than ${most} characters`
    return /[\0\p{Cs}]/u.test(given) ? 'holds a character that is not allowed' : undefined
  }
  if (typeof given !== 'object' || given === null) return undefined
  if (depth >= MOST_DEPTH) return `is nested more than ${MOST_DEPTH} levels deep`
  const entries = Object.entries(given)
  if (entries.length > MOST_MEMBERS) return `holds a list or an object of more than ${MOST_MEMBERS} members`
  const isOdd = (key: string) => key === '__proto__' || key.length > 100 || /[\0\p{Cs}]/u.test(key)
  if (entries.some(([key]) => isOdd(key))) return 'holds a name that is not allowed'
  for (const [, member] of entries) {
    const fault = faultOfValue(member, depth + 1)
    if (fault) return fault
  }
  return undefined
}

function faultOfLink(given: unknown, known = ['https:', 'http:'], where = ''): string | undefined {
  if (given === undefined || given === null || given === '') return undefined
  const protocol = typeof given === 'string' ? URL.parse(given)?.protocol : undefined
  if (protocol !== undefined && known.includes(protocol)) return undefined
  return `${where}must be a link that begins with ${known.join(' or ')}`
}

/** A logo is a link, or the picture itself as a `data:` URL: only that is shown, because people's browsers fetch nothing from elsewhere. */
function faultOfDescription(given: unknown): string | undefined {
  if (typeof given !== 'object' || given === null || !('logo' in given)) return undefined
  const { logo } = given
  const isPicture = typeof logo === 'string' && logo.startsWith('data:')
  if (!isPicture) return faultOfLink(logo, undefined, 'in its logo ')
  return readImage(logo) ? undefined : 'has a logo that is no PNG, JPEG, WebP, GIF or SVG picture'
}

function isHarmless(given: unknown): boolean {
  const protocol = typeof given === 'string' ? URL.parse(given)?.protocol : undefined
  return !['javascript:', 'vbscript:', 'data:', 'blob:', 'file:'].includes(protocol ?? '')
}
