import { z } from 'zod'
import type { Config } from '../../config/load.ts'
import { readImage } from '../../kit/image.ts'
import type { App } from '../../store/nouns/apps.ts'
import { refuse } from './refusals.ts'
import { BY_APP, BY_OTHERS, type Setter } from './setting.ts'
import { checked, findUsable, name, orRefuse, readSetting, webUri } from './setting-kinds.ts'
import { refuse as refuseValue, wrongValue } from './value-refusals.ts'

/** Who sends settings: the platform or a partner (`others`), or the app itself. */
export interface DraftRules {
  config: Pick<Config, 'env' | 'redirectSchemes'>
  by: 'others' | 'app'
}

/** A field that describes an app to people and has no effect on the protocol. */
interface ListingField {
  readonly setBy: readonly Setter[]
  readonly read: z.ZodType
  /** Whether it may be sent again for a language: `client_name#fr` (RFC 7591 §2.2). */
  readonly isTranslated?: true
}

const MAX_DEPTH = 6
const MAX_MEMBERS = 500
const MAX_CHARACTERS = 5000
const MAX_PICTURE_CHARACTERS = 12_000
const MAX_LISTING_CHARACTERS = 16_384
/** An app that describes itself has further fields that the server adds. */
const MAX_OWN_LISTING_CHARACTERS = MAX_LISTING_CHARACTERS - 100
const MAX_TRANSLATIONS = 40

const value = checked(z.unknown(), (given) => checkValue(given))
const link = checked(value, (given) => checkLink(given))
const line = z
  .string(orRefuse(wrongValue('listing.line')))
  .max(200, orRefuse(wrongValue('listing.line')))
  .regex(/^[^\p{Cc}\p{Cs}]*$/u, orRefuse(wrongValue('listing.line')))
const MAX_CONTACTS = 10
const kept: ListingField = { setBy: BY_OTHERS, read: value }
const keptLink: ListingField = { setBy: BY_OTHERS, read: link }
const own = (read: z.ZodType): ListingField => ({ setBy: BY_APP, read })
const translated = (read: z.ZodType): ListingField => ({ setBy: BY_APP, read, isTranslated: true })

/**
 * The fields that describe an app to people (RFC 7591 §2, OpenID Connect Registration §2). They are stored in the JSON column `listing` and
 * returned unchanged, so their wire names are ours too. Scripts are refused as links, because pages show some of them.
 */
export const listingFields: Readonly<Record<string, ListingField>> = {
  api_uri: keptLink,
  app_features: kept,
  app_layer: kept,
  app_type: kept,
  contact_support_link: {
    setBy: BY_OTHERS,
    read: checked(value, (given) => checkLink(given, ['https:', 'http:', 'mailto:'])),
  },
  deep_link: {
    setBy: BY_OTHERS,
    read: checked(value, (given) => {
      if (!isHarmless(given)) refuseValue('listing.script')
    }),
  },
  description: { setBy: BY_OTHERS, read: checked(value, checkDescription) },
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
      .array(z.unknown(), orRefuse(wrongValue('value.list')))
      .transform((given) => given.filter((each) => findUsable(line, each) !== undefined).slice(0, MAX_CONTACTS)),
  ),
}

export const logoUriOf = ({ listing }: App): unknown => listing.logo_uri

/** Returns the descriptive fields in a record that this author may set. */
export function pickListing(record: Record<string, unknown>, by: DraftRules['by']): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).filter(([given]) => findField(given, by)))
}

/** Reads descriptive fields. Throws a Refusal that names the first wrong one. */
export function readListing(listing: Record<string, unknown>): Record<string, unknown> {
  const entries = Object.entries(listing)
  return Object.fromEntries(
    entries.map(([given, content]) => [
      given,
      content === null ? null : readSetting(given, findField(given, 'others')!.read, content),
    ]),
  )
}

/** Reads the descriptive fields of an app that describes itself, and leaves out what cannot be used or is too much. */
export function readOwnListing(
  listing: Record<string, unknown>,
  { env }: DraftRules['config'],
): Record<string, unknown> {
  const read: Record<string, unknown> = {}
  let [translations, size] = [0, 0]
  for (const [given, content] of Object.entries(listing)) {
    const { read: kind } = findField(given, 'app')!
    const data = findUsable(kind, content)
    if (
      data === undefined ||
      content === '' ||
      (kind === webUri && env === 'production' && !String(data).startsWith('https:'))
    )
      continue
    const [more, longer] = [given.includes('#') ? 1 : 0, given.length + JSON.stringify(data).length]
    if (translations + more > MAX_TRANSLATIONS || size + longer > MAX_OWN_LISTING_CHARACTERS) continue
    translations += more
    size += longer
    read[given] = data
  }
  return read
}

/** Returns the former descriptive fields with the given ones changed; null removes one. */
export function mergeListing(given: App['listing'], was: App['listing']): App['listing'] {
  const merged = Object.entries({ ...was, ...given }).filter(([, content]) => content !== null)
  const sizes = merged.map(([field, content]) => ({ field, size: JSON.stringify(content).length }))
  if (sizes.reduce((sum, { field, size }) => sum + field.length + size, 0) > MAX_LISTING_CHARACTERS) {
    const [largest] = sizes.sort((a, b) => b.size - a.size)
    refuse('listing.too-large', { field: largest!.field, most: MAX_LISTING_CHARACTERS })
  }
  return Object.fromEntries(merged)
}

function findField(given: string, by: DraftRules['by']): ListingField | undefined {
  const [, base = given, language] = /^(\w+)#([A-Za-z]{2,8}(?:-[A-Za-z\d]{1,8}){0,4})$/.exec(given) ?? []
  const field = Object.hasOwn(listingFields, base) ? listingFields[base]! : undefined
  // Without a language, client_name is a setting of its own.
  if (!field || (language === undefined ? base === 'client_name' : !field.isTranslated)) return undefined
  return field.setBy.includes('app') === (by === 'app') ? field : undefined
}

/** Limits what is stored. Depth matters most: a value that is too deep cannot be written as JSON again. */
function checkValue(given: unknown, depth = 0): void {
  if (typeof given === 'string') {
    const most = given.startsWith('data:image/') ? MAX_PICTURE_CHARACTERS : MAX_CHARACTERS
    if (given.length > most) refuseValue('listing.long-text', { most })
    if (/[\0\p{Cs}]/u.test(given)) refuseValue('value.character')
  }
  if (typeof given !== 'object' || given === null) return
  if (depth >= MAX_DEPTH) refuseValue('listing.too-deep', { most: MAX_DEPTH })
  const entries = Object.entries(given)
  if (entries.length > MAX_MEMBERS) refuseValue('listing.too-many', { most: MAX_MEMBERS })
  const isOdd = (key: string) => key === '__proto__' || key.length > 100 || /[\0\p{Cs}]/u.test(key)
  if (entries.some(([key]) => isOdd(key))) refuseValue('listing.name')
  for (const [, member] of entries) checkValue(member, depth + 1)
}

function checkLink(
  given: unknown,
  known = ['https:', 'http:'],
  key: 'listing.link' | 'listing.logo-link' = 'listing.link',
) {
  if (given === undefined || given === null || given === '') return
  const protocol = typeof given === 'string' ? URL.parse(given)?.protocol : undefined
  if (!known.includes(protocol ?? '')) refuseValue(key, { schemes: known.join(' or ') })
}

/** A logo is a link, or the picture as a `data:` URL. Pages show only the latter, because browsers fetch nothing from other servers. */
function checkDescription(given: unknown): void {
  if (typeof given !== 'object' || given === null || !('logo' in given)) return
  const { logo } = given
  const isPicture = typeof logo === 'string' && logo.startsWith('data:')
  if (!isPicture) checkLink(logo, undefined, 'listing.logo-link')
  else if (!readImage(logo)) refuseValue('listing.logo-picture')
}

function isHarmless(given: unknown): boolean {
  const protocol = typeof given === 'string' ? URL.parse(given)?.protocol : undefined
  return !['javascript:', 'vbscript:', 'data:', 'blob:', 'file:'].includes(protocol ?? '')
}
