import { hidesToken, inClear, size } from '../kit/in-clear.ts'
import type { Incoming } from './incoming.ts'
import { Params, printable } from './params.ts'

/** One thing that a request said: in clear where it gives nobody any power, else its length alone. */
export interface Disclosed {
  in: 'header' | 'query' | 'body'
  name: string
  value: string
}

/**
 * Names whose values say what was asked for and nothing else. Whatever is not among them may be a secret, by its meaning or because
 * somebody put one there by mistake. An app is told by its uid, because what stands as client_id may be the secret next to it.
 */
const HARMLESS: ReadonlySet<string> = new Set([
  ...['response_type', 'response_mode', 'redirect_uri', 'scope', 'prompt', 'max_age', 'display', 'acr_values'],
  ...['ui_locales', 'claims_locales', 'lang', 'logout', 'business_uid', 'resource', 'audience', 'grant_type'],
  'post_logout_redirect_uri',
  ...['code_challenge_method', 'token_type_hint', 'client_assertion_type', 'requested_token_type'],
  ...['subject_token_type', 'actor_token_type', 'decision', 'name', 'app_code_name', 'oauth_redirect_uris', 'trusted'],
  ...['public', 'scopes', 'demand_scopes', 'openid', 'access_token_format', 'access_token_lifetime', 'directory_uid'],
  ...['client_auth_jwks_uri', 'jwks_uri', 'redirect_uris', 'grant_types', 'response_types', 'client_name'],
  ...['identifier', 'token_format', 'token_lifetime', 'introspection'],
  ...['token_endpoint_auth_method', 'require_pkce', 'require_explicit_request'],
  ...['require_pushed_authorization_requests', 'limit', 'page'],
])

const LONGEST = 100
const MOST = 40

/** What a request said, as far as it was understood, fit to be kept. */
export function disclosed(incoming: Incoming): Disclosed[] {
  return [...ofHeaders(incoming), ...ofQuery(incoming), ...ofBody(incoming.understoodBody)].slice(0, MOST)
}

function ofHeaders(incoming: Incoming): Disclosed[] {
  const type = incoming.sent('content-type')
  const credentials = incoming.sent('authorization')
  const [scheme] = /^(?:Basic|Bearer|DPoP|Token) /i.exec(credentials ?? '') ?? ['']
  return [
    ...(type === undefined ? [] : [{ in: 'header' as const, name: 'content-type', value: inClear(type, LONGEST) }]),
    ...(credentials === undefined
      ? []
      : [{ in: 'header' as const, name: 'authorization', value: scheme + hidden(credentials.slice(scheme.length)) }]),
  ]
}

function ofQuery(incoming: Incoming): Disclosed[] {
  try {
    return ofParams('query', incoming.query)
  } catch {
    // It could not be understood, and that is why the request was refused.
    return []
  }
}

function ofBody(body: unknown): Disclosed[] {
  if (body instanceof Params) return ofParams('body', body)
  if (typeof body !== 'object' || body === null) return []
  return Object.entries(body)
    .slice(0, MOST)
    .map(([name, value]) => told('body', name, typeof value === 'string' ? value : asText(value)))
}

/** What somebody nested deeper than it can be written again is told by nothing of it. */
function asText(value: unknown): string {
  try {
    return JSON.stringify(value)
  } catch {
    return '…'
  }
}

function ofParams(place: 'query' | 'body', params: Params): Disclosed[] {
  return params
    .names()
    .slice(0, MOST)
    .flatMap((name) => {
      const values = params.all(name)
      return (values.length > 0 ? values : ['']).map((value) => told(place, name, value))
    })
}

function told(place: Disclosed['in'], name: string, value: string): Disclosed {
  return {
    in: place,
    name: hidesToken(printable(name)),
    value: HARMLESS.has(name) ? inClear(value, LONGEST) : hidden(value),
  }
}

function hidden(value: string): string {
  return value === '' ? '' : `… (${size(value)})`
}
