import { SUBJECT_TYPES } from '../../domain/apps/app-protocol.ts'
import { SIGNING_ALGORITHMS } from '../../domain/keys/signing-algorithms.ts'
import { ACR_VALUES } from '../../domain/people/session.ts'
import { BUSINESS_CLAIMS, PERSONAL_CLAIMS } from '../../domain/tokens/claim-names.ts'
import { CLAIMS_WITH_OPENID } from '../../domain/tokens/claims.ts'
import type { Scopes } from '../../domain/tokens/scopes.ts'
import type { Endpoint } from '../../endpoint.ts'
import { sharedJson } from '../../http/reply.ts'
import type { Site } from '../../site.ts'
import { DISPLAYS } from '../authorize/parameters.ts'
import { oauthErrors } from '../errors/oauth-errors.ts'

const WELL_KNOWN = ['/.well-known/openid-configuration', '/.well-known/oauth-authorization-server']

/** Metadata endpoint (RFC 8414 §3, OpenID Connect Discovery §4). Joins the metadata of these endpoints and of the server. */
export function metadataEndpoint(endpoints: readonly Endpoint[]): Endpoint {
  return {
    path: '/.well-known/openid-configuration',
    alsoAt: ['/.well-known/oauth-authorization-server'],
    // RFC 8414 §3.1 puts the well-known part before the path of the issuer, OpenID Connect Discovery §4.1 behind it. Clients try either.
    atRoot: (basePath) => WELL_KNOWN.map((path) => path + basePath),
    methods: ['GET'],
    readableBy: 'any-origin',
    errors: oauthErrors,
    handle(_, site) {
      const { issuer } = site.config
      const described = endpoints.map(({ metadata, path }) => metadata?.(site, issuer + path))
      return sharedJson(Object.assign({ issuer }, ...described, serverMetadata(site)))
    },
  }
}

/** The claims in ID tokens and at userinfo, including our own. */
const CLAIMS = [
  ...['iss', 'aud', 'exp', 'iat', 'auth_time', 'nonce', 'acr', 'amr', 'at_hash', 'sid', 'sub'],
  ...BUSINESS_CLAIMS,
  ...PERSONAL_CLAIMS,
  ...['brand_host', 'brand_theme'],
]

/** Returns the claims that an app can have without the platform's help: those about the person need a scope that is open to it. */
function claimsSupported({ open, claimsOf }: Scopes): string[] {
  const given = new Set([...CLAIMS_WITH_OPENID, ...open.flatMap(claimsOf)])
  return CLAIMS.filter((name) => !PERSONAL_CLAIMS.includes(name) || given.has(name))
}

/** The metadata about ID tokens, pages and documentation. What the operator has not set is left out. */
const serverMetadata = ({ config, messages, scopes }: Site) => ({
  subject_types_supported: SUBJECT_TYPES,
  id_token_signing_alg_values_supported: SIGNING_ALGORITHMS,
  claim_types_supported: ['normal'],
  claims_supported: claimsSupported(scopes),
  claims_parameter_supported: true,
  acr_values_supported: ACR_VALUES,
  display_values_supported: DISPLAYS,
  ui_locales_supported: messages.languages,
  service_documentation: config.documentationUrl,
  op_policy_uri: config.policyUrl,
  op_tos_uri: config.termsUrl,
})
