import { type Brand, findBrand, neutralBrand } from '../domain/businesses/brand.ts'
import type { Incoming } from '../http/incoming.ts'
import type { Site } from '../site.ts'
import type { Translation } from './messages/messages.ts'

/** What every page depends on: the brand of its host, and the visitor's language with its direction and messages. */
export interface PageContext extends Translation {
  brand: Brand
  /** Whether the site uses https. Then pages send Strict-Transport-Security (RFC 6797). */
  secure?: boolean
  /** The Set-Cookie lines of the page. */
  cookies?: readonly string[]
}

/** What a page needs of the site. */
export interface PageParts {
  readonly config: Pick<Site['config'], 'name' | 'secure'>
  readonly messages: Site['messages']
}

/**
 * Returns the context of a page for this visitor. `locales` are the languages that an app asked for, the best first; the browser's follow, and
 * then that of the directory.
 */
export async function pageContext(
  incoming: Incoming,
  { store, config, messages }: PageParts & { store: Site['store'] },
  locales: readonly string[] = [],
): Promise<PageContext> {
  const brand = await findBrand(incoming.host, store, config.name)
  const chosen = messages.choose([...locales, acceptedBy(incoming), brand.locale])
  return { brand, secure: config.secure, ...chosen, language: inRegion(chosen.language, brand.locale) }
}

/** Returns the locale of a directory if it is a variant of the language, such as `en-GB` of `en`; otherwise the language. */
function inRegion(language: string, locale: string): string {
  return locale.startsWith(`${language}-`) ? locale : language
}

/** Returns the context of a page whose brand cannot be loaded. */
export function neutralContext(incoming: Incoming, { config, messages }: PageParts): PageContext {
  return { brand: neutralBrand(config.name), secure: config.secure, ...messages.choose([acceptedBy(incoming)]) }
}

function acceptedBy(incoming: Incoming): string {
  return incoming.header('accept-language') ?? ''
}
