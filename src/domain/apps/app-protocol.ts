import { Problem } from '../../kit/refusal.ts'
import type { AppProtocol } from '../../store/nouns/apps.ts'
import { SIGNING_ALGORITHMS } from '../keys/signing-algorithms.ts'
import { readJwks } from './jwks.ts'
import { checkRedirectUri } from './redirect-uri.ts'
import { hasSector } from './sector.ts'
import { faultOfWebUri } from './web-uri.ts'

/** The ways to authenticate that an app may register (RFC 7591 §2). */
export const AUTH_METHODS = [
  'none',
  'client_secret_basic',
  'client_secret_post',
  'client_secret_jwt',
  'private_key_jwt',
] as const
/** What an app may sign its assertions with (RFC 7518 §3.1): with a key of its own, or with its secret. */
export const SECRET_ALGORITHMS = ['HS256'] as const
export const ASSERTION_ALGORITHMS = ['RS256', 'PS256', 'ES256', 'EdDSA', 'Ed25519'] as const
/** The grants that an app may register for, and those that need a person's yes: no others go to apps that nobody vouches for. */
export const PERSONAL_GRANTS = ['authorization_code', 'refresh_token']
export const REGISTRABLE_GRANTS = [...PERSONAL_GRANTS, 'client_credentials']

/** What an authorization request may ask for: a code, and nothing that would go through a browser (RFC 9700 §2.1.2). */
export const RESPONSE_TYPES: readonly string[] = ['code']
/** The kinds of `sub` that an app may have (OpenID Connect Core §8). */
export const SUBJECT_TYPES = ['public', 'pairwise'] as const

/** By whose word the settings come: the platform's or a partner's, or that of the app alone. */
export interface ProtocolRules {
  env: 'development' | 'production'
  by: 'platform' | 'app'
}

type Read = (value: unknown, field: string, rules: ProtocolRules) => unknown

/** The members by their names in RFC 7591 §2, OpenID Connect Registration §2 and its kin, and what each of them sets. */
const MEMBERS: Record<string, { key: keyof AppProtocol; read: Read; ours?: true }> = {
  token_endpoint_auth_method: { key: 'authMethod', read: oneOf(AUTH_METHODS) },
  token_endpoint_auth_signing_alg: {
    key: 'authSigningAlg',
    read: oneOf([...ASSERTION_ALGORITHMS, ...SECRET_ALGORITHMS]),
  },
  jwks: { key: 'jwks', read: readJwks },
  grant_types: { key: 'grantTypes', read: readGrantTypes },
  id_token_signed_response_alg: { key: 'idTokenAlg', read: oneOf(SIGNING_ALGORITHMS) },
  userinfo_signed_response_alg: { key: 'userinfoAlg', read: oneOf(SIGNING_ALGORITHMS) },
  default_max_age: { key: 'defaultMaxAge', read: whole(0, 2_147_483_647) },
  require_auth_time: { key: 'requireAuthTime', read: flag },
  subject_type: { key: 'subjectType', read: oneOf(SUBJECT_TYPES) },
  sector_identifier_uri: { key: 'sectorIdentifierUri', read: readWebUri },
  post_logout_redirect_uris: { key: 'postLogoutRedirectUris', read: readRedirectUris },
  backchannel_logout_uri: { key: 'backchannelLogoutUri', read: readWebUri },
  backchannel_logout_session_required: { key: 'backchannelLogoutSessionRequired', read: flag },
  require_pushed_authorization_requests: { key: 'requirePushedRequests', read: flag },
  require_pkce: { key: 'requirePkce', read: flag, ours: true },
  require_explicit_request: { key: 'requireExplicitRequest', read: flag, ours: true },
  refresh_tokens: { key: 'refresh', read: oneOf(['never', 'offline_access', 'always']), ours: true },
  rotate_refresh_tokens: { key: 'rotateRefreshTokens', read: flag, ours: true },
  refresh_token_lifetime: { key: 'refreshTokenLifetime', read: whole(60, 631_152_000), ours: true },
  refresh_token_idle_lifetime: { key: 'refreshTokenIdleLifetime', read: whole(60, 631_152_000), ours: true },
}

/**
 * How an app is to speak the protocol, as far as the record says; undefined for what null or an empty text takes away. Throws a Problem
 * that names the member. Of what we do not support it refuses whatever would change the meaning of the rest.
 */
export function readProtocol(record: Record<string, unknown>, rules: ProtocolRules): AppProtocol {
  checkResponseTypes(record.response_types, rules)
  const protocol: Record<string, unknown> = {}
  for (const [name, { key, read, ours }] of Object.entries(MEMBERS)) {
    if (!Object.hasOwn(record, name) || (ours && rules.by === 'app')) continue
    const value = record[name]
    protocol[key] = value === null || value === '' ? undefined : read(value, name, rules)
  }
  return protocol
}

/** The same by their names on the wire, to be told: what is not set is left out. */
export function protocolMembers(protocol: AppProtocol): Record<string, unknown> {
  const set = Object.entries(MEMBERS).filter(([, { key }]) => protocol[key] !== undefined)
  return Object.fromEntries(set.map(([name, { key }]) => [name, protocol[key]]))
}

/** Those settings that an app has no say in: they are the platform's, or those of the partner who owns it. */
export function settingsOfOthers(protocol: AppProtocol): AppProtocol {
  const keys = Object.values(MEMBERS).flatMap(({ key, ours }) => (ours && protocol[key] !== undefined ? [key] : []))
  return Object.fromEntries(keys.map((key) => [key, protocol[key]]))
}

/** Refuses settings that contradict each other, whenever they were made. */
export function checkAgreement(app: {
  public: boolean
  jwksUri: string | null
  redirectUris: readonly string[]
  protocol: AppProtocol
}): void {
  const { protocol, jwksUri } = app
  if (protocol.jwks && jwksUri !== null) refuse('jwks', 'and a URI of keys exclude each other; leave one of them out')
  if (protocol.authMethod === 'private_key_jwt' && !protocol.jwks && jwksUri === null)
    refuse('token_endpoint_auth_method', 'is private_key_jwt, which needs public keys of the app, as jwks or at a URI')
  if (protocol.authMethod !== undefined && (protocol.authMethod === 'none') !== app.public)
    refuse('token_endpoint_auth_method', 'is none for a public app, and for no other')
  const { authMethod, authSigningAlg } = protocol
  const isWithSecret = SECRET_ALGORITHMS.some((each) => each === authSigningAlg)
  if (authSigningAlg !== undefined && isWithSecret !== (authMethod === 'client_secret_jwt'))
    refuse('token_endpoint_auth_signing_alg', `must be HS256 for client_secret_jwt, and for no other`)
  if (!hasSector(app))
    refuse(
      'sector_identifier_uri',
      'is needed for pairwise subjects where the redirect URIs are not all on one host, by https',
    )
}

/** Tokens and codes come by the code flow alone, so the only other thing to say is that there is no such flow. */
function checkResponseTypes(value: unknown, { by }: ProtocolRules): void {
  if (value === undefined || value === null || value === '') return
  const types = readList(value, 'response_types')
  const isKnown = (type: string) => RESPONSE_TYPES.includes(type)
  // Whoever describes an app for many servers lists all it can do.
  if (!types.every(isKnown) && !(by === 'app' && types.some(isKnown)))
    refuse('response_types', `may hold ${RESPONSE_TYPES.join(', ')} alone; tokens are never sent through a browser`)
}

function readGrantTypes(value: unknown, field: string, { by }: ProtocolRules): readonly string[] {
  const asked = readList(value, field)
  const known = by === 'app' ? PERSONAL_GRANTS : REGISTRABLE_GRANTS
  const granted = asked.filter((each) => known.includes(each))
  const isRight = by === 'app' ? granted.length > 0 : granted.length === asked.length && granted.length > 0
  if (!isRight) refuse(field, `may hold ${known.join(', ')}`)
  return [...new Set(granted)]
}

function readRedirectUris(value: unknown, field: string): readonly string[] {
  const uris = [...new Set(readList(value, field))]
  for (const uri of uris) checkRedirectUri(uri, field)
  return uris
}

export function readWebUri(value: unknown, field: string, { env }: ProtocolRules): string {
  const fault = typeof value === 'string' ? faultOfWebUri(value) : 'it is no text'
  if (fault) refuse(field, `cannot be used: ${fault}`)
  if (!(value as string).startsWith('https:') && env === 'production') refuse(field, 'cannot be used: use https')
  return value as string
}

function readList(value: unknown, field: string): readonly string[] {
  // Some clients make an object with the keys 0, 1, 2 … of a list.
  const isNumbered =
    typeof value === 'object' && value !== null && Object.keys(value).every((key) => /^\d{1,2}$/.test(key))
  const items: unknown = isNumbered ? Object.values(value) : value
  const isList = Array.isArray(items) && items.length <= 20 && items.every((each) => typeof each === 'string')
  if (!isList || items.some((each) => each.length > 2000)) refuse(field, 'must be a list of at most 20 texts')
  return items as string[]
}

function oneOf(choices: readonly string[]): Read {
  const shape = `must be ${choices.length > 2 ? 'one of ' : ''}${choices.join(choices.length > 2 ? ', ' : ' or ')}`
  return (value, field) => choices.find((each) => each === value) ?? refuse(field, shape)
}

function whole(least: number, most: number): Read {
  return (value, field) => {
    const number = typeof value === 'string' && /^\d{1,10}$/.test(value) ? Number(value) : value
    const isRight = Number.isInteger(number) && (number as number) >= least && (number as number) <= most
    return isRight ? number : refuse(field, `must be a whole number of seconds from ${least} to ${most}`)
  }
}

/** `true`, or `"true"` as many clients of the management API write it. */
function flag(value: unknown, field: string): boolean {
  const known = [true, false, 'true', 'false'].find((each) => each === value)
  return known === undefined ? refuse(field, 'must be true or false') : String(known) === 'true'
}

function refuse(field: string, why: string): never {
  throw new Problem(422, `${field} ${why}.`, { field })
}
