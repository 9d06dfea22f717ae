import { readColour } from '../../kit/colour.ts'
import { newUid } from '../../kit/id.ts'
import { readImage } from '../../kit/image.ts'
import type { Refusal } from '../../kit/refusal.ts'
import { Conflict } from '../../store/engine/db.ts'
import type { Directory, Theme } from '../../store/nouns/directories.ts'
import { type Actor, mayReach } from '../audit/actor.ts'
import { newEvent } from '../audit/events.ts'
import type { Ended, Parts } from '../parts.ts'
import { readName } from './name.ts'
import { refusal, refuse } from './refusals.ts'

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

/** Makes a directory with its brand and hosts. Refuses a field that is not right by its name. */
export async function createDirectory(
  draft: DirectoryDraft,
  by: Actor,
  { store, clock }: Parts,
): Promise<{ directory: Directory; hosts: string[] }> {
  const name = readName(draft.name, 'name')
  const hosts = [...new Set(draft.hosts.map(readHost))]
  if (hosts.length === 0) refuse('directory.no-host')
  if (hosts.length > MOST_HOSTS) refuse('directory.too-many-hosts', { most: MOST_HOSTS })
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

/**
 * Ends a directory for good, and with it every token of its businesses and its own platform tokens. Only the platform may. Undefined when
 * there is no such live directory.
 */
export async function endDirectory(
  uid: string,
  by: Actor,
  { store, clock }: Pick<Parts, 'store' | 'clock'>,
): Promise<Ended<Directory> | undefined> {
  const found = await store.directories.find(uid)
  if (!found || !mayReach(by, { directoryUid: null })) return undefined
  const at = clock.now()
  const event = newEvent('directory.ended', at, by, { directoryUid: uid, subject: uid })
  return (await store.directories.end(uid, at, event)) ? { ...found, endedAt: at } : undefined
}

/** A host as browsers name it: lower case, letters beyond ASCII encoded, without scheme, port or path. */
export function readHost(text: string): string {
  const given = text.trim()
  const host = /^[^\s/?#@\\]+$/.test(given) ? URL.parse(`http://${given}`)?.hostname : undefined
  // A colon is fine inside of an IPv6 address in brackets; anywhere else it begins a port.
  const isWhole = host !== undefined && (!given.includes(':') || /^\[.*\]$/.test(given))
  if (!isWhole || host === '' || host.length > 253 || host.endsWith('.')) {
    refuse('directory.not-a-host', { shown: JSON.stringify(given.slice(0, 100)) })
  }
  return host
}

function hostTaken(hosts: string): Refusal {
  return refusal('directory.host-taken', { hosts })
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
  return readColour(text) ?? refuse('brand.colour', { field })
}

function readLocale(text: string): string {
  try {
    const [locale] = Intl.getCanonicalLocales(text)
    if (locale) return locale
  } catch {
    // Not a language tag: said below.
  }
  return refuse('brand.locale')
}

const LOGO_TYPES = ['image/png', 'image/jpeg', 'image/webp', 'image/svg+xml']

/** The image as a `data:` URL. Its own first bytes say what it is, not the name of its file. */
function readLogo(bytes: Uint8Array): string {
  if (bytes.length > LARGEST_LOGO) {
    refuse('brand.logo-too-large', { bytes: bytes.length, most: LARGEST_LOGO })
  }
  const body = Buffer.from(bytes).toString('base64')
  return LOGO_TYPES.map((type) => `data:${type};base64,${body}`).find(readImage) ?? refuse('brand.logo-type')
}
