import { parseJson } from '../../kit/json.ts'
import { type Outbound, OutboundFault, type Share } from '../../kit/outbound.ts'
import type { App, AppProtocol } from '../../store/nouns/apps.ts'
import { isClaimed } from './redirect-uri.ts'
import { refuse } from './refusals.ts'

/** The settings of an app that decide its subjects. */
export interface SectorApp {
  protocol: Pick<AppProtocol, 'subjectType' | 'sectorIdentifierUri'>
  redirectUri: string
}

/** Returns the host that an app's pairwise subjects are made for (OpenID Connect Core §8.1). Apps of one sector get equal subjects. */
export function sectorOf({ protocol, redirectUri }: SectorApp): string {
  return hostOf(protocol.sectorIdentifierUri ?? redirectUri)
}

/**
 * Whether an app that needs a sector has one: its sector identifier, or the one host of its redirect URIs. Only https proves who owns a
 * host: a private scheme can name any host, and loopback addresses belong to no app.
 */
export function hasSector({ protocol, redirectUris }: Pick<App, 'protocol' | 'redirectUris'>): boolean {
  if (protocol.subjectType !== 'pairwise' || protocol.sectorIdentifierUri !== undefined) return true
  const hosts = new Set(redirectUris.map((uri) => (isClaimed(uri) ? hostOf(uri) : '')))
  return hosts.size === 1 && !hosts.has('')
}

/**
 * Refuses a sector identifier whose document does not list every redirect URI of the app (OpenID Connect Registration §5). Otherwise an app
 * could join another's sector and learn its pairwise subjects. Fetches the document only when the URI or the redirect URIs are new.
 */
export async function checkSector(
  { protocol, redirectUris }: Pick<App, 'protocol' | 'redirectUris'>,
  was: App | undefined,
  outbound: Outbound,
  share: Share = { pool: 'apps' },
): Promise<void> {
  const uri = protocol.sectorIdentifierUri
  if (uri === undefined) return
  const isKnown =
    uri === was?.protocol.sectorIdentifierUri && redirectUris.every((each) => was.redirectUris.includes(each))
  if (isKnown) return
  const listed = parseJson(await fetchText(uri, outbound, share))
  if (!Array.isArray(listed) || !redirectUris.every((each) => listed.includes(each)))
    refuse('sector-document.incomplete')
}

async function fetchText(uri: string, outbound: Outbound, share: Share): Promise<string> {
  try {
    return (await outbound.get(uri, { accept: ['application/json'], share })).text
  } catch (cause) {
    if (!(cause instanceof OutboundFault)) throw cause
    return refuse('sector-document.unreachable', {}, { cause })
  }
}

function hostOf(uri: string): string {
  return URL.parse(uri)?.hostname ?? ''
}
