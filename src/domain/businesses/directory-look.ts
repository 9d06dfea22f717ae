import { readColour } from '../../kit/colour.ts'
import { readImage } from '../../kit/image.ts'
import type { Directory, Theme } from '../../store/nouns/directories.ts'
import { directoryLogo } from '../apps/logo.ts'
import { emailKey } from '../people/email-key.ts'
import { readName } from './name.ts'
import { refuse } from './refusals.ts'

/** The look of a directory, as it is sent. What is left out keeps its value; null, or left out of a new directory, gives it the default. */
export interface LookDraft {
  name?: string
  /** Colours as #rrggbb or #rgb. */
  primary?: string | null
  secondary?: string | null
  text?: string | null
  /** A BCP 47 tag. */
  locale?: string | null
  /** Where its people find help: an https URL or an email address. */
  support?: string | null
  /** The https URL of its privacy policy. */
  privacy?: string | null
  /** An image file: PNG, JPEG, WebP or SVG. */
  logo?: Uint8Array | null
}

/** What people see of a directory. */
export type DirectoryLook = Pick<Directory, 'name' | 'theme' | 'logo' | 'supportUrl' | 'privacyUrl'>

const DEFAULT_COLORS = { primary: '#2f55a4', text: '#ffffff' }
const DEFAULT_LOCALE = 'en'
const MAX_LINK_LENGTH = 1000
const MAX_LOGO_BYTES = 65_536

/** Reads the look of a directory, which was as `was` before; of a new one, `was` has only its uid. Throws a Refusal that names the field. */
export function readLook(draft: LookDraft, was: Pick<Directory, 'uid'> & Partial<DirectoryLook>): DirectoryLook {
  const name = was.name !== undefined && draft.name === undefined ? was.name : readName(draft.name ?? '', 'name')
  const look: DirectoryLook = {
    name,
    theme: readTheme(draft, was.theme, name),
    logo: change(draft.logo, was.logo, null, readLogo),
    supportUrl: change(draft.support, was.supportUrl, null, readSupport),
    privacyUrl: change(draft.privacy, was.privacyUrl, null, (text) => readLink(text, 'privacy')),
  }
  if (draft.logo === undefined) return look
  const logo = directoryLogo({ uid: was.uid, logo: look.logo, theme: { ...look.theme, logo: null } })
  return { ...look, theme: { ...look.theme, logo: logo?.url ?? null } }
}

/** Returns the value that was sent, or else the one before, or else the default. */
function change<Sent, T>(sent: Sent | null | undefined, was: T | undefined, byDefault: T, read: (sent: Sent) => T): T {
  if (sent === undefined) return was === undefined ? byDefault : was
  return sent === null ? byDefault : read(sent)
}

function readTheme({ primary, secondary, text, locale }: LookDraft, was: Theme | undefined, name: string): Theme {
  const colors = was?.colors
  const main = change(primary, colors?.primary, DEFAULT_COLORS.primary, (given) => needColour(given, 'primary'))
  // Without a colour of its own, the second one follows the first.
  const second = colors?.secondary === colors?.primary ? undefined : colors?.secondary
  return {
    colors: {
      primary: main,
      secondary: change(secondary, second, main, (given) => needColour(given, 'secondary')),
      text: change(text, colors?.text, DEFAULT_COLORS.text, (given) => needColour(given, 'text')),
    },
    locale: change(locale, was?.locale, DEFAULT_LOCALE, readLocale),
    logo: was?.logo ?? null,
    name,
    powered_by: was?.powered_by ?? { parent_goto_url: null, parent_logo_bright: null, parent_logo_dark: null },
  }
}

/** Reads where people find help. An email address becomes a mailto URL (RFC 6068). */
function readSupport(text: string): string {
  const key = emailKey(text.trim())
  if (key === undefined || text.includes(':')) return readLink(text, 'support')
  return `mailto:${key.split('@').map(encodeURIComponent).join('@')}`
}

/** Reads an https URL for people to open. */
function readLink(text: string, field: 'support' | 'privacy'): string {
  const url = text.length <= MAX_LINK_LENGTH ? URL.parse(text.trim()) : null
  const isUsable = url?.protocol === 'https:' && !url.username && !url.password
  return isUsable ? url.href : refuse(field === 'support' ? 'directory.support' : 'directory.privacy')
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
