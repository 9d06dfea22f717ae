import { readColour } from '../../kit/colour.ts'
import { newUid } from '../../kit/id.ts'
import { readImage } from '../../kit/image.ts'
import { Problem } from '../../kit/refusal.ts'
import { Conflict } from '../../store/engine/db.ts'
import type { Directory, Theme } from '../../store/nouns/directories.ts'
import type { Actor } from '../audit/actor.ts'
import { newEvent } from '../audit/events.ts'
import type { Parts } from '../parts.ts'
import { readName } from './name.ts'

/** What a directory is to be. The first host is the one its people know it by. */
export interface DirectoryDraft {
  name: string
  hosts: readonly string[]
  /** Colours as #rrggbb or #rgb; what is left out follows from the others. */
  primary?: string
  secondary?: string
  text?: string
  /** A BCP 47 tag. */
  locale?: string
  /** An image file: PNG, JPEG, WebP or SVG. */
  logo?: Uint8Array
}

const STANDARD_COLORS = { primary: '#2f55a4', text: '#ffffff' }
const MOST_HOSTS = 50
const LARGEST_LOGO = 65_536

/** Makes a directory with its brand and hosts. Throws a Problem that names the field when something is not right. */
export async function createDirectory(
  draft: DirectoryDraft,
  by: Actor,
  { store, clock }: Parts,
): Promise<{ directory: Directory; hosts: string[] }> {
  const name = readName(draft.name, 'name')
  const hosts = [...new Set(draft.hosts.map(readHost))]
  if (hosts.length === 0) throw new Problem(422, 'A directory needs at least one host.', { field: 'host' })
  if (hosts.length > MOST_HOSTS)
    throw new Problem(422, `A directory has at most ${MOST_HOSTS} hosts.`, { field: 'host' })
  const now = clock.now()
  const directory: Directory = {
    uid: newUid(),
    name,
    host: hosts[0]!,
    theme: themeOf(draft, name),
    logo: draft.logo ? readLogo(draft.logo) : null,
    createdAt: now,
    endedAt: null,
  }
  for (const host of hosts) if (await store.directories.findLiveByHost(host)) throw hostTaken(host)
  const fields = { directoryUid: directory.uid, subject: directory.uid, details: { name, hosts } }
  try {
    await store.directories.add(directory, hosts, newEvent('directory.created', now, by, fields))
  } catch (error) {
    // Taken in this very instant, or by a directory that has ended: its people may still come to that address.
    if (error instanceof Conflict) throw hostTaken(hosts.join(', '))
    throw error
  }
  return { directory, hosts }
}

/** A host as browsers name it: lower case, letters beyond ASCII encoded, without scheme, port or path. */
export function readHost(text: string): string {
  const given = text.trim()
  const host = /^[^\s/?#@\\]+$/.test(given) ? URL.parse(`http://${given}`)?.hostname : undefined
  // A colon is fine inside of an IPv6 address in brackets; anywhere else it begins a port.
  const isWhole = host !== undefined && (!given.includes(':') || /^\[.*\]$/.test(given))
  if (!isWhole || host === '' || host.length > 253 || host.endsWith('.')) {
    const shown = JSON.stringify(given.slice(0, 100))
    throw new Problem(422, `${shown} is not a host. Write it without scheme, port and path: app.example.com.`, {
      field: 'host',
    })
  }
  return host
}

function hostTaken(hosts: string): Problem {
  return new Problem(409, `Another directory has the host ${hosts} already.`, { field: 'host' })
}

function themeOf({ primary, secondary, text, locale }: DirectoryDraft, name: string): Theme {
  const main = primary === undefined ? STANDARD_COLORS.primary : needColour(primary, 'primary')
  return {
    colors: {
      primary: main,
      secondary: secondary === undefined ? main : needColour(secondary, 'secondary'),
      text: text === undefined ? STANDARD_COLORS.text : needColour(text, 'text'),
    },
    locale: readLocale(locale ?? 'en'),
    logo: null,
    name,
    powered_by: {
      intandem_goto_url: null,
      intandem_logo_bright: null,
      intandem_logo_dark: null,
      parent_goto_url: null,
      parent_logo_bright: null,
      parent_logo_dark: null,
    },
  }
}

function needColour(text: string, field: string): string {
  const colour = readColour(text)
  if (!colour) throw new Problem(422, `The ${field} colour must be written as #rrggbb, such as #2f55a4.`, { field })
  return colour
}

function readLocale(text: string): string {
  try {
    const [locale] = Intl.getCanonicalLocales(text)
    if (locale) return locale
  } catch {
    // Not a language tag: said below.
  }
  throw new Problem(422, 'The locale must be a language tag such as en, he or pt-BR.', { field: 'locale' })
}

const LOGO_TYPES = ['image/png', 'image/jpeg', 'image/webp', 'image/svg+xml']

/** The image as a `data:` URL. Its own first bytes say what it is, not the name of its file. */
function readLogo(bytes: Uint8Array): string {
  const field = 'logo'
  if (bytes.length > LARGEST_LOGO) {
    throw new Problem(422, `The logo has ${bytes.length} bytes; at most ${LARGEST_LOGO} are possible.`, { field })
  }
  const body = Buffer.from(bytes).toString('base64')
  const logo = LOGO_TYPES.map((type) => `data:${type};base64,${body}`).find(readImage)
  if (logo === undefined) throw new Problem(422, 'The logo must be a PNG, JPEG, WebP or SVG image.', { field })
  return logo
}
