import type { z } from 'zod'
import { SIGNING_ALGORITHMS } from '../keys/signing-algorithms.ts'
import { checkGroupsTemplate } from '../tokens/groups-template.ts'
import {
  ASSERTION_ALGORITHMS,
  AUTH_METHODS,
  PERSONAL_GRANTS,
  REGISTRABLE_GRANTS,
  SECRET_ALGORITHMS,
  SUBJECT_TYPES,
} from './app-protocol.ts'
import { jwks } from './jwks.ts'
import { BY_ALL, BY_OTHERS, MAX_LIFETIME, PROFILES, type Setting, setting } from './setting.ts'
import { checked, choice, flag, list, ownUris, resourceUri, seconds, text, webUri } from './setting-kinds.ts'
import { refuse } from './value-refusals.ts'

declare module '../../store/nouns/apps.ts' {
  interface AppProtocol extends ProtocolOf<typeof protocolSettings> {}
}
type ProtocolOf<Rows> = { -readonly [Name in keyof Rows]?: Rows[Name] extends Setting<infer K> ? z.infer<K> : never }

const onlyGrants = (kind: z.ZodType<string[]>, known: readonly string[]) =>
  checked(kind, (given) => {
    if (given.length > 0 && given.every((each) => known.includes(each))) return
    refuse('value.choices', { choices: known.join(', ') })
  })
    .transform((given): readonly string[] => [...new Set(given)])
    .meta({ description: `list of ${known.join(', ')}`, list: true, choices: known })

const grants = onlyGrants(list(20), REGISTRABLE_GRANTS)

/** An app that describes itself to many servers lists every grant that it can use. Grants that it cannot use here are ignored. */
const ownGrants = onlyGrants(
  list(20).transform((given) => given.filter((each) => PERSONAL_GRANTS.includes(each))),
  PERSONAL_GRANTS,
)

const logoutUris = list(20)
  .transform((given) => [...new Set(given)])
  .meta({
    description: 'list of up to 20 redirect URIs',
    list: true,
  })

/**
 * The settings of the protocol, stored together in the JSON column `protocol`. Their names are from RFC 7591 §2 and OpenID Connect Registration
 * §2, or ours where only partners and the platform can set them.
 */
export const protocolSettings = {
  profile: inProtocol('profile', choice(PROFILES), BY_OTHERS, {
    default: PROFILES[0],
    isFixed: true,
    about: 'The set of values for the settings that its registration leaves out.',
  }),
  authMethod: inProtocol('token_endpoint_auth_method', choice(AUTH_METHODS), BY_ALL, {
    cli: 'auth-method',
    asksAgain: 'when-changed',
    about: 'Its only authentication method. Not set: its secret, by HTTP Basic or in the body.',
  }),
  authSigningAlg: inProtocol(
    'token_endpoint_auth_signing_alg',
    choice([...ASSERTION_ALGORITHMS, ...SECRET_ALGORITHMS]),
    BY_ALL,
    {
      cli: 'auth-signing-alg',
      about: 'The algorithm that must sign its assertions. Not set: any that fits the method.',
    },
  ),
  jwks: inProtocol('jwks', jwks, BY_ALL, {
    asksAgain: 'when-changed',
    about: 'The public keys that it authenticates with, in place of a URL of keys.',
  }),
  grantTypes: inProtocol('grant_types', grants, BY_ALL, {
    cli: 'grant-type',
    readOwn: ownGrants,
    about: 'The grants that it may use. Not set: `authorization_code` and `refresh_token`.',
  }),
  idTokenAlg: inProtocol('id_token_signed_response_alg', choice(SIGNING_ALGORITHMS), BY_ALL, {
    cli: 'id-token-alg',
    about: 'The algorithm that signs its ID tokens. Not set: `RS256`.',
  }),
  userinfoAlg: inProtocol('userinfo_signed_response_alg', choice(SIGNING_ALGORITHMS), BY_ALL, {
    cli: 'userinfo-alg',
    about: 'The algorithm that signs its userinfo responses. Not set: they are plain JSON.',
  }),
  idTokenClaims: inProtocol('id_token_claims', choice(['requested', 'granted']), BY_OTHERS, {
    profiles: { standard: 'requested' },
    about:
      'Which claims about the person and the business its ID tokens have: only those that it requests by name, or also those of the granted scopes. Not set: `granted` for an app that the platform or a partner registered, otherwise `requested`.',
  }),
  groupsTemplate: inProtocol('groups_template', checked(text, checkGroupsTemplate).describe('text'), BY_OTHERS, {
    about:
      'The form of an entry of the claim `groups`, with the placeholders `{business_uid}` and `{role}`. Only an app for one business may leave out the first. Not set: `{business_uid}:{role}`.',
  }),
  defaultMaxAge: inProtocol('default_max_age', seconds(0, 2_147_483_647), BY_ALL, {
    about: 'The `max_age` of requests that send none.',
  }),
  requireAuthTime: inProtocol('require_auth_time', flag, BY_ALL, {
    about: 'Whether its ID tokens always have `auth_time`.',
  }),
  subjectType: inProtocol('subject_type', choice(SUBJECT_TYPES), BY_ALL, {
    about: '`pairwise` gives the apps of each sector a different `sub`. Not set: `public`.',
  }),
  sectorIdentifierUri: inProtocol('sector_identifier_uri', webUri, BY_ALL, {
    isFetched: true,
    about: 'Returns a JSON list of all redirect URIs. Its host is the sector of pairwise subjects.',
  }),
  postLogoutRedirectUris: inProtocol('post_logout_redirect_uris', logoutUris, BY_ALL, {
    cli: 'post-logout-redirect-uri',
    readOwn: ownUris,
    isRedirectUri: true,
    about: 'Where people may be redirected after they signed out.',
  }),
  backchannelLogoutUri: inProtocol('backchannel_logout_uri', webUri, BY_ALL, {
    isFetched: true,
    about: 'Where logout tokens are sent.',
  }),
  backchannelLogoutSessionRequired: inProtocol('backchannel_logout_session_required', flag, BY_ALL, {
    about: 'Whether logout tokens must name the session.',
  }),
  requirePushedRequests: inProtocol('require_pushed_authorization_requests', flag, BY_ALL, {
    cli: 'require-pushed-requests',
    about: 'Whether it must push its authorization requests.',
  }),
  requirePkce: inProtocol('require_pkce', flag, BY_OTHERS, {
    profiles: { standard: true },
    about: 'Whether it must use PKCE although it has a secret.',
  }),
  requireExplicitRequest: inProtocol('require_explicit_request', flag, BY_OTHERS, {
    profiles: { standard: true },
    about: 'Whether its authorization requests must have `response_type`, `redirect_uri`, `state` and `scope`.',
  }),
  lockedSettings: inProtocol('locked_settings', list(100), BY_OTHERS, {
    cli: 'locked-setting',
    about:
      'The settings that an app which introduced itself cannot change, by their names in its registration. The platform or a partner locks each setting that it sets, and can set the list as a whole.',
  }),
  defaultResource: inProtocol('default_resource', resourceUri, BY_OTHERS, {
    about: 'The resource of its tokens when a request names none. Not set: the platform’s own API.',
  }),
  refresh: inProtocol('refresh_tokens', choice(['never', 'offline_access', 'always']), BY_OTHERS, {
    about: 'When it gets refresh tokens: never, when it requests `offline_access`, or always.',
  }),
  rotateRefreshTokens: inProtocol('rotate_refresh_tokens', flag, BY_OTHERS, {
    about: 'Whether each use of a refresh token replaces it; for public apps it always does.',
  }),
  refreshTokenLifetime: inProtocol('refresh_token_lifetime', seconds(60, MAX_LIFETIME), BY_OTHERS, {
    about: 'How long a refresh token and its successors live. Not set: the default of the server.',
  }),
  refreshTokenIdleLifetime: inProtocol('refresh_token_idle_lifetime', seconds(60, MAX_LIFETIME), BY_OTHERS, {
    about: 'How long an unused refresh token lives. Not set: the default of the server.',
  }),
}

/** Makes a row of the column `protocol`. It has one name on both wires and can be removed. */
function inProtocol<K extends z.ZodType>(
  wire: string,
  read: K,
  setBy: Setting['setBy'],
  { cli = wire.replaceAll('_', '-'), ...rest }: Omit<Setting, 'column' | 'names' | 'read' | 'setBy'> & { cli?: string },
): Setting<K> {
  return setting('protocol', { platform: wire, metadata: wire, cli }, read, setBy, { default: null, ...rest })
}
