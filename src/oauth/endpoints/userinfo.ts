import { isSigningAlgorithm, SIGNING_ALGORITHMS } from '../../domain/keys/signing-algorithms.ts'
import { BUSINESS_CLAIMS } from '../../domain/tokens/claim-names.ts'
import { claimsAbout, grantedClaims, mayKnowEmail } from '../../domain/tokens/claims.ts'
import type { Endpoint } from '../../endpoint.ts'
import { jsonText } from '../../http/reply.ts'
import type { Site } from '../../site.ts'
import type { RequestedClaims } from '../../store/nouns/codes.ts'
import type { Theme } from '../../store/nouns/directories.ts'
import { needLiveToken, type PersonsToken, scopesHere } from '../checks/live-token.ts'
import { stillAllowedClaims } from '../checks/still-allowed-claims.ts'
import { oauthErrors } from '../errors/oauth-errors.ts'

/**
 * Userinfo endpoint (OpenID Connect Core §5.3): who signed in, for which business, with the brand that apps show, and the scopes of the
 * token. An app can register to get the claims signed (§5.3.2).
 */
export const userinfoEndpoint: Endpoint = {
  path: '/oauth/userinfo',
  methods: ['GET', 'POST'],
  readableBy: 'any-origin',
  metadata: (_, url) => ({ userinfo_endpoint: url, userinfo_signing_alg_values_supported: SIGNING_ALGORITHMS }),
  errors: oauthErrors,
  async handle(incoming, site) {
    const token = await needLiveToken(incoming, site)
    // Cached with the token: the claims change only when the token is read again.
    const claims = token.claimsJson.get(site, () => claimsOf(token, site))
    const { clientId, protocol } = token.chain
    if (!isSigningAlgorithm(protocol.userinfoAlg)) return jsonText(200, claims)
    // Without `exp`, so that it cannot pass for an ID token.
    const signed = { ...JSON.parse(claims), iss: site.config.issuer, aud: clientId }
    const jwt = await site.keys.sign(protocol.userinfoAlg, 'JWT', signed)
    return jsonText(200, jwt, { 'content-type': 'application/jwt' })
  },
}

function claimsOf(token: PersonsToken, site: Site): string {
  const { principal, appOrigin, appScopes, protocol } = token.chain
  const scopes = scopesHere(token, site)
  const requested = token.claims === null ? undefined : (JSON.parse(token.claims) as RequestedClaims['userinfo'])
  const allowed =
    requested && stillAllowedClaims(requested, token.scopes, { origin: appOrigin, scopes: appScopes, protocol }, site)
  const names = [...BUSINESS_CLAIMS, ...grantedClaims(scopes, appOrigin, site.scopes), ...Object.keys(allowed ?? {})]
  const claims = JSON.stringify({
    sub: site.subjects.of(token.chain, principal.staffUid),
    ...claimsAbout(principal, names, {
      knowsEmail: mayKnowEmail(scopes, appOrigin),
      groupsTemplate: protocol.groupsTemplate,
    }),
    scope: scopes.join(' '),
  })
  const brand = JSON.stringify({ brand_host: principal.brandHost, brand_theme: sentTheme(principal.themeJson, site) })
  return `${claims.slice(0, -1)},${brand.slice(1)}`
}

/** Returns the theme as it is sent: the logo is stored as a path on this server. */
function sentTheme(stored: string, { config }: Site): Theme {
  const theme = JSON.parse(stored) as Theme
  return { ...theme, logo: theme.logo?.startsWith('/') ? `${config.issuer}${theme.logo}` : theme.logo }
}
