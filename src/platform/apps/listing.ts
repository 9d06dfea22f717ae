import { readImage } from '../../kit/image.ts'
import { Problem } from '../../kit/refusal.ts'

/** What describes an app in a market and how it opens: of no meaning here, kept and given back as it came. */
const FIELDS = [
  'api_uri',
  'app_features',
  'app_layer',
  'app_type',
  'contact_support_link',
  'deep_link',
  'description',
  'full_screen',
  'locales',
  'menu_items',
  'open_channel',
  'open_in_new_tab',
  'payment_data',
  'personal_connection',
  'privacy_policy_link',
  'supported_countries',
  'url_params',
]
const LINKS = ['api_uri', 'contact_support_link', 'privacy_policy_link']
const MOST = { depth: 6, members: 500, characters: 5000, picture: 12_000 }

/** The descriptive fields of a body, undefined when it has none. They will stand on pages one day, so no script passes for a link. */
export function readListing(body: Record<string, unknown>): Record<string, unknown> | undefined {
  const given = FIELDS.filter((field) => Object.hasOwn(body, field))
  if (given.length === 0) return undefined
  for (const field of given) checkValue(field, body[field], 0)
  for (const field of LINKS) checkLink(field, body[field])
  const { description } = body
  if (typeof description === 'object' && description !== null && 'logo' in description) {
    checkLogo(description.logo)
  }
  if (typeof body.deep_link === 'string' && !isHarmless(body.deep_link)) {
    throw new Problem(422, 'deep_link must not be a script or a document in itself.', { field: 'deep_link' })
  }
  return Object.fromEntries(given.map((field) => [field, body[field]]))
}

/** Bounds what is kept; its depth above all, for a value that is too deep cannot be written as JSON again. */
function checkValue(field: string, value: unknown, depth: number): void {
  const refuse = (why: string): never => {
    throw new Problem(422, `${field} ${why}.`, { field })
  }
  if (typeof value === 'string') {
    const most = value.startsWith('data:image/') ? MOST.picture : MOST.characters
    if (value.length > most) refuse(`holds a text of more than ${most} characters`)
    if (/[\0\p{Cs}]/u.test(value)) refuse('holds a character that is not allowed')
  }
  if (typeof value !== 'object' || value === null) return
  if (depth >= MOST.depth) refuse(`is nested more than ${MOST.depth} levels deep`)
  const entries = Object.entries(value)
  if (entries.length > MOST.members) refuse(`holds a list or an object of more than ${MOST.members} members`)
  for (const [name, member] of entries) {
    if (name === '__proto__' || name.length > 100 || /[\0\p{Cs}]/u.test(name))
      refuse('holds a name that is not allowed')
    checkValue(field, member, depth + 1)
  }
}

function checkLink(field: string, value: unknown, where = ''): void {
  if (value === undefined || value === null || value === '') return
  const protocol = typeof value === 'string' ? URL.parse(value)?.protocol : undefined
  const known = field === 'contact_support_link' ? ['https:', 'http:', 'mailto:'] : ['https:', 'http:']
  if (protocol === undefined || !known.includes(protocol)) {
    throw new Problem(422, `${field}${where} must be a link that begins with ${known.join(' or ')}.`, { field })
  }
}

/** A logo is a link, or the picture itself as a `data:` URL: only that is shown, because people's browsers fetch nothing from elsewhere. */
function checkLogo(logo: unknown): void {
  const isPicture = typeof logo === 'string' && logo.startsWith('data:')
  if (!isPicture) checkLink('description', logo, ' in its logo')
  else if (!readImage(logo)) {
    const sentence = 'description has a logo that is no PNG, JPEG, WebP, GIF or SVG picture.'
    throw new Problem(422, sentence, { field: 'description' })
  }
}

function isHarmless(link: string): boolean {
  return !['javascript:', 'vbscript:', 'data:', 'blob:', 'file:'].includes(URL.parse(link)?.protocol ?? '')
}
