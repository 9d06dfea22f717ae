import type { Config } from '../../config/load.ts'
import { Problem } from '../../kit/refusal.ts'
import type { AppDraft } from './app-draft.ts'
import { readClientMetadata, type SelfRules } from './client-metadata.ts'
import { faultOfWebUri } from './web-uri.ts'

const field = 'client_id'
/** Nobody can share a secret with a document that everybody reads (draft-ietf-oauth-client-id-metadata-document-02 §4). */
const SECRETS = ['client_secret', 'client_secret_expires_at']

/** Whether a client id is the address of a document rather than a name that we gave. None of ours looks like this. */
export function isDocumentUrl(clientId: string): boolean {
  return /^https?:\/\//i.test(clientId)
}

/**
 * Refuses a client id at which no document is looked for (draft-ietf-oauth-client-id-metadata-document-02 §3): it is an https URL with a
 * path, written as a parser would write it, without fragment, user name or dot segments. Nothing has been fetched until here.
 */
export function checkDocumentUrl(
  url: string,
  { clientIdMetadataHosts, outboundPrivate }: Pick<Config, 'clientIdMetadataHosts' | 'outboundPrivate'>,
): void {
  const fault = faultOfWebUri(url) ?? faultOfPlace(url, outboundPrivate)
  if (fault)
    throw new Problem(400, `The client_id is a URL that cannot be used: ${fault}.`, { field, check: 'client-document' })
  if (clientIdMetadataHosts && !isAmong(new URL(url).hostname, clientIdMetadataHosts))
    throw new Problem(400, 'The client_id lies at a host whose apps are not let in here. Ask the platform.', {
      field,
      check: 'client-document',
    })
}

function faultOfPlace(url: string, outboundPrivate: boolean): string | undefined {
  if (!url.startsWith('https:') && !outboundPrivate) return 'use https'
  return /^https?:\/\/[^/?]+\//.test(url) ? undefined : 'it needs a path, such as https://app.example/client.json'
}

function isAmong(host: string, allowed: readonly string[]): boolean {
  return allowed.some((each) => (each.startsWith('*.') ? host.endsWith(each.slice(1)) : host === each))
}

/** The app that the document at this URL describes. Throws a Problem that says what is wrong with the document. */
export function readClientDocument(text: string, url: string, rules: Omit<SelfRules, 'methods'>): AppDraft {
  const record = parse(text)
  if (!record) refuse('it is no JSON object')
  if (record.client_id !== url) refuse('it must name as client_id the very URL it lies at, letter for letter')
  const secret = SECRETS.find((name) => Object.hasOwn(record, name))
  if (secret) refuse(`it must not have ${secret}, because everybody can read it`)
  const named = record.client_name === undefined ? { ...record, client_name: new URL(url).host } : record
  return readClientMetadata(named, { ...rules, methods: ['none', 'private_key_jwt'] })
}

function refuse(why: string): never {
  throw new Problem(400, `${why}.`, { field, check: 'client-document' })
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
