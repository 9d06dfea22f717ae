import type { Config } from '../../config/load.ts'
import { type OwnDraft, readClientMetadata, type SelfRules } from './client-metadata.ts'
import { refuse } from './refusals.ts'
import { nameOn, settings } from './settings.ts'
import { faultOfWebUri } from './web-uri.ts'

/** A public document cannot hold a secret (draft-ietf-oauth-client-id-metadata-document-02 §4). */
const SECRETS = [settings.secret.names.metadata!, `${settings.secret.names.metadata}_expires_at`]

/**
 * Refuses a client id that cannot be the URL of a document (draft-ietf-oauth-client-id-metadata-document-02 §3): it is an https URL with a
 * path, written as a parser would write it, without fragment, user name or dot segments. Nothing is fetched here.
 */
export function checkDocumentUrl(
  url: string,
  { clientIdMetadataHosts, outboundPrivate }: Pick<Config, 'clientIdMetadataHosts' | 'outboundPrivate'>,
): void {
  const fault = faultOfWebUri(url) ?? faultOfPlace(url, outboundPrivate)
  if (fault) refuse('client-document.url-unusable', { fault })
  if (clientIdMetadataHosts && !isAmong(new URL(url).hostname, clientIdMetadataHosts))
    refuse('client-document.host-not-allowed')
}

function faultOfPlace(url: string, outboundPrivate: boolean): string | undefined {
  if (!url.startsWith('https:') && !outboundPrivate) return 'use https'
  return /^https?:\/\/[^/?]+\//.test(url) ? undefined : 'it needs a path, such as https://app.example/client.json'
}

function isAmong(host: string, allowed: readonly string[]): boolean {
  return allowed.some((each) => (each.startsWith('*.') ? host.endsWith(each.slice(1)) : host === each))
}

/** The app that the document at this URL describes. Throws a Refusal that says what is wrong with the document. */
export function readClientDocument(text: string, url: string, rules: Pick<SelfRules, 'env' | 'scopes'>): OwnDraft {
  const record = parse(text)
  if (!record) return unusable('it is no JSON object')
  const idName = nameOn('metadata')('clientId')
  if (record[idName] !== url) unusable(`it must name as ${idName} the very URL it lies at, letter for letter`)
  const secret = SECRETS.find((name) => Object.hasOwn(record, name))
  if (secret) unusable(`it must not have ${secret}, because everybody can read it`)
  return readClientMetadata(record, { ...rules, methods: ['none', 'private_key_jwt'], defaultName: new URL(url).host })
}

function unusable(why: string): never {
  return refuse('client-document.unusable', { why: `${why}.` })
}

function parse(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined
  } catch {
    return undefined
  }
}
