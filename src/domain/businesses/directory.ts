import { readColour } from '../../kit/colour.ts'
import { newUid } from '../../kit/id.ts'
import { readImage } from '../../kit/image.ts'
import { Conflict } from '../../store/engine/db.ts'
import type { Directory, Theme } from '../../store/nouns/directories.ts'
import { type Actor, checkReach, mayReach } from '../audit/actor.ts'
import { newEvent } from '../audit/new-event.ts'
import type { Ended, Parts } from '../parts.ts'
import { emailKey } from '../people/email-key.ts'
import { readName } from './name.ts'
import { refuse } from './refusals.ts'

/** The settings of a new directory. Its first host is its main one. */
export interface DirectoryDraft {
  name: string
  hosts: readonly string[]
  /** Colours as #rrggbb or #rgb. Colours that are left out have defaults. */
  primary?: string
  secondary?: string
  text?: string
  /** A BCP 47 tag. */
  locale?: string
  /** Where its people find help: an https URL or an email address. */
  support?: string
  /** The https URL of its privacy policy. */
  privacy?: string
  /** An image file: PNG, JPEG, WebP or SVG. */
  logo?: Uint8Array
}

const DEFAULT_COLORS = { primary: '#2f55a4', text: '#ffffff' }
const MAX_HOSTS = 50
const MAX_LINK_LENGTH = 1000
const MAX_LOGO_BYTES = 65_536

/** Creates a directory with its brand and hosts. Only the platform may. Throws a Refusal that names the field. */
export async function createDirectory(
  draft: DirectoryDraft,
  by: Actor,
  { store, clock }: Parts,
): Promise<{ directory: Directory; hosts: string[] }> {
  checkReach(by, { directoryUid: null })
  const name = readName(draft.name, 'name')
  const hosts = [...new Set(draft.hosts.map(readHost))]
  if (hosts.length === 0) refuse('directory.no-host')
  if (hosts.length > MAX_HOSTS) refuse('directory.too-many-hosts', { most: MAX_HOSTS })
  const now = clock.now()
  const directory: Directory = {
    uid: newUid(),
    name,
    host: hosts[0]!,
    theme: themeOf(draft, name),
    logo: draft.logo ? readLogo(draft.logo) : null,
    supportUrl: draft.support === undefined ? null : readSupport(draft.support),
    privacyUrl: draft.privacy === undefined ? null : readLink(draft.privacy, 'privacy'),
    createdAt: now,
    endedAt: null,
  }
  for (const host of hosts)
    if (await store.directories.findLiveByHost(host)) refuse('directory.host-taken', { hosts: host })
  const fields = { directoryUid: directory.uid, subject: directory.uid, details: { name, hosts } }
  try {
    await store.directories.add(directory, hosts, newEvent('directory.created', now, by, fields))
  } catch (error) {
    // Another request just took a host, or an ended directory keeps it, because its people may still visit that host.
    if (error instanceof Conflict) refuse('directory.host-taken', { hosts: hosts.join(', ') })
    throw error
  }
  return { directory, hosts }
}

/**
 * Ends a directory permanently, with every token of its businesses and its own platform tokens. Only the platform may. Returns undefined
 * when the actor may not, or no such live directory exists.
 */
export async function endDirectory(
  uid: string,
  by: Actor,
  { store, clock }: Parts,
): Promise<Ended<Directory> | undefined> {
  const found = await store.directories.find(uid)
  if (!found || !mayReach(by, { directoryUid: null })) return undefined
  const at = clock.now()
  const event = newEvent('directory.ended', at, by, { directoryUid: uid, subject: uid })
  return (await store.directories.end(uid, at, event)) ? { ...found, endedAt: at } : undefined
}

/** Reads a host, as browsers write it: in lower case and ASCII, without scheme, port or path. */
export function readHost(text: string): string {
  const given = text.trim()
  const host = /^[^\s/?#@\\]+$/.test(given) ? URL.parse(`http://${given}`)?.hostname : undefined
  // A colon may be part of an IPv6 address in brackets. Anywhere else it begins a port.
  const isWhole = host !== undefined && (!given.includes(':') || /^\[.*\]$/.test(given))
  if (isWhole && host !== '' && host.length <= 253 && !host.endsWith('.')) return host
  return refuse('directory.not-a-host', { shown: JSON.stringify(given.slice(0, 100)) })
}

/** Reads where people find help. An email address becomes a mailto URL (RFC 6068). */
export function readSupport(text: string): string {
  const key = emailKey(text.trim())
  if (key === undefined || text.includes(':')) return readLink(text, 'support')
  return `mailto:${key.split('@').map(encodeURIComponent).join('@')}`
}

/** Reads an https URL for people to open. */
export function readLink(text: string, field: 'support' | 'privacy'): string {
  const url = text.length <= MAX_LINK_LENGTH ? URL.parse(text.trim()) : null
  const isUsable = url?.protocol === 'https:' && !url.username && !url.password
  return isUsable ? url.href : refuse(field === 'support' ? 'directory.support' : 'directory.privacy')
}

function themeOf({ primary, secondary, text, locale }: DirectoryDraft, name: string): Theme {
  const main = primary === undefined ? DEFAULT_COLORS.primary : needColour(primary, 'primary')
  return {
    colors: {
      primary: main,
      secondary: secondary === undefined ? main : needColour(secondary, 'secondary'),
      text: text === undefined ? DEFAULT_COLORS.text : needColour(text, 'text'),
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
    // Not a language tag: refused below.
  }
  return refuse('brand.locale')
}

const LOGO_TYPES = ['image/png', 'image/jpeg', 'image/webp', 'image/svg+xml']

/** Returns the image as a `data:` URL. Its first bytes decide its type, not the name of the file. */
function readLogo(bytes: Uint8Array): string {
  if (bytes.length > MAX_LOGO_BYTES) refuse('brand.logo-too-large', { bytes: bytes.length, most: MAX_LOGO_BYTES })
  const body = Buffer.from(bytes).toString('base64')
  return LOGO_TYPES.map((type) => `data:${type};base64,${body}`).find(readImage) ?? refuse('brand.logo-type')
}
