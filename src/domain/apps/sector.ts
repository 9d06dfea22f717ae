import type { App, AppProtocol } from '../../store/nouns/apps.ts'
import { isClaimed } from './redirect-uri.ts'

/** What an app's sector is read from. */
export interface SectorApp {
  protocol: Pick<AppProtocol, 'sectorIdentifierUri'>
  redirectUri: string
}

/** The host that an app's pairwise subjects are made for (OpenID Connect Core §8.1); apps of one sector get equal subjects. */
export function sectorOf({ protocol, redirectUri }: SectorApp): string {
  return hostOf(protocol.sectorIdentifierUri ?? redirectUri)
}

/**
 * Whether it is clear what the sector of an app is, if it is to have one: the one host of its redirect URIs, or what it names. Only https
 * shows whose a host is: a private scheme can name any host, and this machine belongs to no app.
 */
export function hasSector({ protocol, redirectUris }: Pick<App, 'protocol' | 'redirectUris'>): boolean {
  if (protocol.subjectType !== 'pairwise' || protocol.sectorIdentifierUri !== undefined) return true
  const hosts = new Set(redirectUris.map((uri) => (isClaimed(uri) ? hostOf(uri) : '')))
  return hosts.size === 1 && !hosts.has('')
}

function hostOf(uri: string): string {
  return URL.parse(uri)?.hostname ?? ''
}
