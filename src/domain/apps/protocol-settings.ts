import type { z } from 'zod'
import { SIGNING_ALGORITHMS } from '../keys/signing-algorithms.ts'
import {
  ASSERTION_ALGORITHMS,
  AUTH_METHODS,
  PERSONAL_GRANTS,
  REGISTRABLE_GRANTS,
  SECRET_ALGORITHMS,
  SUBJECT_TYPES,
} from './app-protocol.ts'
import { jwks } from './jwks.ts'
import { BY_ALL, BY_OTHERS, LONGEST_LIFETIME, type Setting, setting } from './setting.ts'
import { choice, flag, list, redirectUris, ruled, seconds, webUri } from './setting-kinds.ts'

declare module '../../store/nouns/apps.ts' {
  interface AppProtocol extends ProtocolOf<typeof protocolSettings> {}
}
type ProtocolOf<Rows> = { -readonly [Name in keyof Rows]?: Rows[Name] extends Setting<infer K> ? z.infer<K> : never }

const onlyGrants = (kind: z.ZodType<string[]>, known: readonly string[]) =>
  ruled(kind, (given) =>
    given.length > 0 && given.every((each) => known.includes(each)) ? undefined : `may hold ${known.join(', ')}`,
  )
    .transform((given): readonly string[] => [...new Set(given)])
    .meta({ description: `list of ${known.join(', ')}`, list: true })

const grants = onlyGrants(list(20), REGISTRABLE_GRANTS)

/** An app that describes itself for many servers lists all it can do: what it cannot do here is left out. */
const ownGrants = onlyGrants(
  list(20).transform((given) => given.filter((each) => PERSONAL_GRANTS.includes(each))),
  PERSONAL_GRANTS,
)

const logoutUris = redirectUris(list(20).transform((given) => [...new Set(given)])).meta({
  description: 'list of up to 20 redirect URIs',
  list: true,
})

/**
 * How an app speaks the protocol: the settings that are kept together in the JSON column `protocol`, named as RFC 7591 §2, OpenID Connect
 * Registration §2 and its kin name them, or by us where only partners and the platform have a say.
 */
export const protocolSettings = {
  authMethod: inProtocol('token_endpoint_auth_method', 'auth-method', choice(AUTH_METHODS), BY_ALL, {
    about: 'The one way in which it authenticates. Not set: its secret, by HTTP Basic or in the body.',
  }),
  authSigningAlg: inProtocol(
    'token_endpoint_auth_signing_alg',
    'auth-signing-alg',
    choice([...ASSERTION_ALGORITHMS, ...SECRET_ALGORITHMS]),
    BY_ALL,
    { about: 'The algorithm that its assertions must be signed with. Not set: each that fits the method.' },
  ),
  jwks: inProtocol('jwks', 'jwks', jwks, BY_ALL, {
    asksAgain: 'when-changed',
    about: 'The public keys that it authenticates with; instead of a URL of keys.',
  }),
  grantTypes: inProtocol('grant_types', 'grant-type', grants, BY_ALL, {
    readOwn: ownGrants,
    about: 'The grants that it may use. Not set: `authorization_code` and `refresh_token`.',
  }),
  idTokenAlg: inProtocol('id_token_signed_response_alg', 'id-token-alg', choice(SIGNING_ALGORITHMS), BY_ALL, {
    about: 'What its ID tokens are signed with. Not set: `RS256`.',
  }),
  userinfoAlg: inProtocol('userinfo_signed_response_alg', 'userinfo-alg', choice(SIGNING_ALGORITHMS), BY_ALL, {
    about: 'What userinfo answers are signed with. Not set: they are plain JSON.',
  }),
  defaultMaxAge: inProtocol('default_max_age', 'default-max-age', seconds(0, 2_147_483_647), BY_ALL, {
    about: 'How long ago a sign-in may be when a request does not say `max_age`.',
  }),
  requireAuthTime: inProtocol('require_auth_time', 'require-auth-time', flag, BY_ALL, {
    about: 'Whether its ID tokens always have `auth_time`.',
  }),
  subjectType: inProtocol('subject_type', 'subject-type', choice(SUBJECT_TYPES), BY_ALL, {
    about: 'Whether `sub` is one that apps of other sectors cannot compare (`pairwise`). Not set: `public`.',
  }),
  sectorIdentifierUri: inProtocol('sector_identifier_uri', 'sector-identifier-uri', webUri, BY_ALL, {
    isFetched: true,
    about: 'Serves a JSON list of all redirect URIs; its host is the sector of pairwise subjects.',
  }),
  postLogoutRedirectUris: inProtocol('post_logout_redirect_uris', 'post-logout-redirect-uri', logoutUris, BY_ALL, {
    about: 'Where people may be sent after they signed out.',
  }),
  backchannelLogoutUri: inProtocol('backchannel_logout_uri', 'backchannel-logout-uri', webUri, BY_ALL, {
    isFetched: true,
    about: 'Where logout tokens are sent.',
  }),
  backchannelLogoutSessionRequired: inProtocol(
    'backchannel_logout_session_required',
    'backchannel-logout-session-required',
    flag,
    BY_ALL,
    { about: 'Whether logout tokens must name the session.' },
  ),
  requirePushedRequests: inProtocol('require_pushed_authorization_requests', 'require-pushed-requests', flag, BY_ALL, {
    about: 'Whether it has to push its authorization requests.',
  }),
  requirePkce: inProtocol('require_pkce', 'require-pkce', flag, BY_OTHERS, {
    about: 'Whether it has to use PKCE even though it keeps a secret.',
  }),
  requireExplicitRequest: inProtocol('require_explicit_request', 'require-explicit-request', flag, BY_OTHERS, {
    about: 'Whether its authorization requests must say `response_type`, `redirect_uri`, `state` and `scope`.',
  }),
  refresh: inProtocol('refresh_tokens', 'refresh-tokens', choice(['never', 'offline_access', 'always']), BY_OTHERS, {
    about: 'When it gets refresh tokens: never, when `offline_access` is asked for, or always.',
  }),
  rotateRefreshTokens: inProtocol('rotate_refresh_tokens', 'rotate-refresh-tokens', flag, BY_OTHERS, {
    about: 'Whether each use of a refresh token replaces it; for public apps it always does.',
  }),
  refreshTokenLifetime: inProtocol(
    'refresh_token_lifetime',
    'refresh-token-lifetime',
    seconds(60, LONGEST_LIFETIME),
    BY_OTHERS,
    { about: 'How long a refresh token and its successors live. Not set: as the server is set.' },
  ),
  refreshTokenIdleLifetime: inProtocol(
    'refresh_token_idle_lifetime',
    'refresh-token-idle-lifetime',
    seconds(60, LONGEST_LIFETIME),
    BY_OTHERS,
    { about: 'How long a refresh token lives that is not used. Not set: as the server is set.' },
  ),
}

/** A row of the column `protocol`; it has one name on both wires and can always be taken away. */
function inProtocol<K extends z.ZodType>(
  wire: string,
  cli: string,
  read: K,
  setBy: Setting['setBy'],
  rest: Pick<Setting, 'readOwn' | 'asksAgain' | 'isFetched' | 'about'>,
): Setting<K> {
  return setting('protocol', { platform: wire, metadata: wire, cli }, read, setBy, { default: null, ...rest })
}
