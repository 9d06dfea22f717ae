import { inClear, nameInClear, size, wordsOf } from '../kit/in-clear.ts'
import type { Incoming } from './incoming.ts'
import { Params } from './params.ts'

/** One value that a request contained: in clear where it is harmless, else only its length. */
export interface Disclosed {
  in: 'header' | 'query' | 'body'
  name: string
  value: string
}

/**
 * Names whose values are harmless as far as they are plain words and URLs (`inClear`). Any other value may be a secret, by its meaning or by a
 * mistake of the sender: a `client_id` may contain the secret, so an app is identified by its uid.
 */
const HARMLESS: ReadonlySet<string> = new Set([
  ...['response_type', 'response_mode', 'redirect_uri', 'scope', 'prompt', 'max_age', 'display', 'acr_values'],
  ...['ui_locales', 'claims_locales', 'lang', 'logout', 'business_uid', 'resource', 'audience', 'grant_type'],
  'post_logout_redirect_uri',
  ...['code_challenge_method', 'token_type_hint', 'client_assertion_type', 'requested_token_type'],
  ...['subject_token_type', 'actor_token_type', 'decision', 'oauth_redirect_uris', 'trusted'],
  ...['public', 'scopes', 'demand_scopes', 'openid', 'access_token_format', 'access_token_lifetime', 'directory_uid'],
  ...['client_auth_jwks_uri', 'jwks_uri', 'redirect_uris', 'grant_types', 'response_types'],
  ...['identifier', 'token_format', 'token_lifetime', 'introspection'],
  ...['token_endpoint_auth_method', 'require_pkce', 'require_explicit_request'],
  ...['require_pushed_authorization_requests', 'limit', 'page'],
])

const UID = /^[a-z0-9]{16}$/

const MAX_VALUE_LENGTH = 100
const MAX_VALUES = 40

/** Returns what a request contained, as far as it could be read, without secrets. */
export function disclosed(incoming: Incoming): Disclosed[] {
  return [...ofHeaders(incoming), ...ofQuery(incoming), ...ofBody(incoming.understoodBody)].slice(0, MAX_VALUES)
}

/** Returns the words of the names and values of a request; undefined when it could not be read completely. */
export function sentWords(incoming: Incoming): ReadonlySet<string> | undefined {
  const { understoodBody: body, method } = incoming
  if (body === undefined && method !== 'GET' && method !== 'HEAD') return undefined
  try {
    const ofBody = body instanceof Params ? textsOf(body) : body === undefined ? [] : [asText(body)]
    return new Set([...textsOf(incoming.query), ...ofBody].flatMap(wordsOf))
  } catch {
    return undefined
  }
}

const textsOf = (params: Params): string[] =>
  params.names().flatMap((name) => [name, ...params.asSent(name).map(asText)])

function ofHeaders(incoming: Incoming): Disclosed[] {
  const type = incoming.sent('content-type')
  const credentials = incoming.sent('authorization')
  const [scheme] = /^(?:Basic|Bearer|DPoP|Token) /i.exec(credentials ?? '') ?? ['']
  return [
    ...(type === undefined
      ? []
      : [{ in: 'header' as const, name: 'content-type', value: inClear(type, MAX_VALUE_LENGTH) }]),
    ...(credentials === undefined
      ? []
      : [{ in: 'header' as const, name: 'authorization', value: scheme + hidden(credentials.slice(scheme.length)) }]),
  ]
}

function ofQuery(incoming: Incoming): Disclosed[] {
  try {
    return ofParams('query', incoming.query)
  } catch {
    // An unreadable query may be the reason of the refusal.
    return []
  }
}

function ofBody(body: unknown): Disclosed[] {
  if (body instanceof Params) return ofParams('body', body)
  if (typeof body !== 'object' || body === null) return []
  return Object.entries(body)
    .slice(0, MAX_VALUES)
    .map(([name, value]) => disclose('body', name, value))
}

/** A value that is nested too deeply to be serialized becomes `…`. */
function asText(value: unknown): string {
  try {
    return typeof value === 'string' ? value : JSON.stringify(value)
  } catch {
    return '…'
  }
}

function ofParams(place: 'query' | 'body', params: Params): Disclosed[] {
  return params
    .names()
    .slice(0, MAX_VALUES)
    .flatMap((name) => params.asSent(name).map((value) => disclose(place, name, value)))
}

function disclose(place: Disclosed['in'], name: string, value: unknown): Disclosed {
  const text = asText(value)
  return {
    in: place,
    name: HARMLESS.has(name) ? name : nameInClear(name),
    value: HARMLESS.has(name) ? shown(name, text) : hidden(text),
  }
}

function shown(name: string, text: string): string {
  return name.endsWith('_uid') && UID.test(text) ? text : inClear(text, MAX_VALUE_LENGTH)
}

function hidden(value: string): string {
  return value === '' || value === '…' ? value : `… (${size(value)})`
}
