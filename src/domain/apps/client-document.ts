import type { Config } from '../../config/load.ts'
import { freshnessOf } from '../../kit/freshness.ts'
import { isRecord, parseJson } from '../../kit/json.ts'
import { OutboundFault, type Share } from '../../kit/outbound.ts'
import type { Refusal } from '../../kit/refusal.ts'
import type { Parts } from '../parts.ts'
import { type OwnDraft, readClientMetadata, type SelfRules } from './client-metadata.ts'
import { refuse } from './refusals.ts'
import { nameOn, settings } from './settings.ts'
import { uriFault } from './uri-refusals.ts'
import { faultOfWebUri } from './web-uri.ts'

/** The draft recommends 5 kB, but documents of real apps are larger. */
const MAX_DOCUMENT_BYTES = 10_240
const MEDIA_TYPES = ['application/json', 'application/ld+json']
/** How long a document is fresh: the bounds of what its server says, and the default. */
const FRESH_SECONDS = { least: 60, most: 86_400, default: 3600 }
/** The authentication methods that need no secret. */
export const DOCUMENT_METHODS = ['none', 'private_key_jwt'] as const
/** A public document must have no secret (draft-ietf-oauth-client-id-metadata-document-02 §4). */
const SECRETS = [settings.secret.names.metadata!, `${settings.secret.names.metadata}_expires_at`]

/**
 * Refuses a client id that cannot be the URL of a document (draft-ietf-oauth-client-id-metadata-document-02 §3). It must be an https URL in
 * normal form with a path, and without fragment, user name or dot segments. Fetches nothing.
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

function faultOfPlace(url: string, outboundPrivate: boolean): Refusal | undefined {
  if (!url.startsWith('https:') && !outboundPrivate) return uriFault('uri.not-https')
  return /^https?:\/\/[^/?]+\//.test(url) ? undefined : uriFault('uri.no-path')
}

function isAmong(host: string, allowed: readonly string[]): boolean {
  return allowed.some((each) => (each.startsWith('*.') ? host.endsWith(each.slice(1)) : host === each))
}

/**
 * Fetches the document that describes an app. Returns its text and for how many seconds it is fresh; undefined when it cannot be read. The
 * reason goes to the log only: a client that chose the URL must not explore our network.
 */
export async function fetchDocument(
  url: string,
  share: Share,
  { outbound, clock, log }: Pick<Parts, 'outbound' | 'clock' | 'log'>,
): Promise<{ text: string; freshFor: number } | undefined> {
  try {
    const { text, headers } = await outbound.get(url, { accept: MEDIA_TYPES, most: MAX_DOCUMENT_BYTES, share })
    const wanted = freshnessOf(headers, clock.now()) ?? FRESH_SECONDS.default
    return { text, freshFor: Math.min(Math.max(wanted, FRESH_SECONDS.least), FRESH_SECONDS.most) }
  } catch (err) {
    if (!(err instanceof OutboundFault)) throw err
    log.info({ err, host: new URL(url).host }, 'the document of an app could not be read')
    return undefined
  }
}

/** Reads the document at this URL into a draft of its app. Throws a Refusal that says what is wrong with the document. */
export function readClientDocument(
  text: string,
  url: string,
  rules: Pick<SelfRules, 'config' | 'scopes' | 'app'>,
): OwnDraft {
  const record = parseJson(text)
  if (!isRecord(record)) return refuse('client-document.not-json')
  const idName = nameOn('metadata')('clientId')
  if (record[idName] !== url) refuse('client-document.other-id')
  const secret = SECRETS.find((name) => Object.hasOwn(record, name))
  if (secret) refuse('client-document.secret', { secret })
  return readClientMetadata(record, { ...rules, methods: DOCUMENT_METHODS, defaultName: new URL(url).host })
}
