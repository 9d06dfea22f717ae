import { Problem } from '../../kit/refusal.ts'
import type { App } from '../../store/nouns/apps.ts'
import { readName } from '../businesses/name.ts'
import { readScope, type Scopes } from '../tokens/scopes.ts'
import type { AppDraft } from './app-draft.ts'
import {
  type AUTH_METHODS,
  type ProtocolRules,
  protocolMembers,
  RESPONSE_TYPES,
  readProtocol,
  readWebUri,
} from './app-protocol.ts'
import { readListedMetadata } from './listed-metadata.ts'
import { checkRedirectUri, returnsTo } from './redirect-uri.ts'

/** What is asked of an app that describes itself. */
export interface SelfRules {
  env: ProtocolRules['env']
  scopes: Scopes
  /** The ways to authenticate that it may choose; the first is meant where it says nothing. */
  methods: readonly (typeof AUTH_METHODS)[number][]
}

const MOST_REDIRECT_URIS = 20
/** The grants of an app that names none: what RFC 7591 §2 has by default, and the refresh tokens that short access tokens need. */
const USUAL_GRANTS = ['authorization_code', 'refresh_token']

/**
 * What an app says of itself, registering (RFC 7591 §2, OpenID Connect Registration §2) or in its own document. Members that mean nothing
 * here are passed over, so nothing an app says can make it trusted, or another's. Throws a Problem that names the member.
 */
export function readClientMetadata(record: Record<string, unknown>, rules: SelfRules): AppDraft {
  const { env, methods } = rules
  const redirectUris = readRedirectUris(record.redirect_uris)
  const protocol = readProtocol(record, { env, by: 'app' })
  const authMethod = protocol.authMethod ?? methods[0]!
  if (!methods.some((each) => each === authMethod))
    refuse('token_endpoint_auth_method', `must be ${methods.join(' or ')} here`)
  const isPublic = authMethod === 'none'
  return {
    name: readOwnName(record.client_name) ?? returnsTo(redirectUris[0]!),
    redirectUri: redirectUris[0],
    furtherRedirectUris: redirectUris.slice(1),
    trusted: false,
    public: isPublic,
    scopes: readScopes(record.scope, rules.scopes),
    jwksUri: isPublic || isAbsent(record.jwks_uri) ? null : readWebUri(record.jwks_uri, 'jwks_uri', { env, by: 'app' }),
    protocol: {
      ...protocol,
      authMethod,
      grantTypes: protocol.grantTypes ?? USUAL_GRANTS,
      // Keys are for apps that prove themselves by them.
      ...(isPublic ? { jwks: undefined } : {}),
    },
    listing: {
      ...readListedMetadata(record, env),
      application_type: readApplicationType(record.application_type, redirectUris, env),
    },
  }
}

/** An app by the same names, as everything now is (RFC 7591 §3.2.1). */
export function clientMetadata(app: App): Record<string, unknown> {
  return {
    ...app.listing,
    client_id: app.clientId,
    client_name: app.name,
    redirect_uris: app.redirectUris,
    response_types: app.protocol.grantTypes?.includes('authorization_code') === false ? [] : RESPONSE_TYPES,
    scope: app.scopes.join(' '),
    ...(app.jwksUri === null ? {} : { jwks_uri: app.jwksUri }),
    ...protocolMembers(app.protocol),
  }
}

function readRedirectUris(value: unknown): readonly string[] {
  const field = 'redirect_uris'
  if (isAbsent(value)) refuse(field, 'is missing: name every address that people may be sent back to')
  const isList = Array.isArray(value) && value.every((each) => typeof each === 'string')
  if (!isList || value.length === 0 || value.length > MOST_REDIRECT_URIS)
    return refuse(field, `must be a list of 1 to ${MOST_REDIRECT_URIS} URIs`)
  for (const uri of value) checkRedirectUri(uri, field)
  return [...new Set<string>(value)]
}

/** OpenID Connect Registration §2. Said or not, it is told as it is: an app of the web is at https addresses alone. */
function readApplicationType(value: unknown, redirectUris: readonly string[], env: ProtocolRules['env']): string {
  const outside = redirectUris.find((uri) => !uri.startsWith('https://'))
  if (isAbsent(value)) return outside === undefined ? 'web' : 'native'
  if (value !== 'web' && value !== 'native') refuse('application_type', 'must be web or native')
  const isDeveloped = env === 'development' && !redirectUris.some((uri) => !/^https?:/.test(uri))
  if (value === 'web' && outside !== undefined && !isDeveloped)
    refuse(
      'redirect_uris',
      'of an app of the type web must begin with https://; register as native if it runs on the devices of people',
    )
  return value as string
}

/** What of it an app may have that nobody vouches for; all there is of that where it names nothing, to be asked for when it is needed. */
function readScopes(value: unknown, catalogue: Scopes): readonly string[] {
  const open = catalogue.names.filter((name) => catalogue.mayRegister(name, false))
  if (isAbsent(value)) return open
  const asked = typeof value === 'string' && value.length <= 4000 ? readScope(value) : undefined
  if (!asked) return refuse('scope', 'must be one text of names, separated by single spaces')
  const granted = asked.filter((name) => open.includes(name))
  return granted.length > 0 ? granted : refuse('scope', 'names no scope that an app can have here')
}

/** As people will read it, and hold against what they see elsewhere. */
function readOwnName(value: unknown): string | undefined {
  if (isAbsent(value)) return undefined
  const field = 'client_name'
  return typeof value === 'string' && value.length <= 400
    ? readName(value, field)
    : refuse(field, 'must be a text of at most 100 characters')
}

export function isAbsent(value: unknown): value is undefined | null | '' {
  return value === undefined || value === null || value === ''
}

function refuse(field: string, why: string): never {
  throw new Problem(422, `${field} ${why}.`, { field })
}
