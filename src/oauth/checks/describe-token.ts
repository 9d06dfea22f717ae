import { BUSINESS_CLAIMS } from '../../domain/tokens/claim-names.ts'
import { claimsAbout, mayKnowEmail } from '../../domain/tokens/claims.ts'
import type { Site } from '../../site.ts'
import type { PresentedToken } from '../../store/nouns/presented-tokens.ts'

/**
 * Returns the introspection response of a live token as JSON (RFC 7662 §2.2, RFC 9470 §6.2), with the claims of userinfo about the
 * business. It is cached with the token, because it changes only with the token.
 */
export function describeToken(token: PresentedToken, presented: string, site: Site): string {
  return token.description.get(site, () => JSON.stringify(description(token, presented, site)))
}

function description(token: PresentedToken, presented: string, site: Site): Record<string, unknown> {
  const { kind, chain, authTime, context } = token
  const { principal } = chain
  const { appOrigin: origin, appScopes, protocol } = chain
  const scopes = site.scopes.stillAllowed({ origin, scopes: appScopes, protocol }, token.scopes)
  const { issuer } = site.config
  const about = principal
    ? {
        sub: site.subjects.of(chain, principal.staffUid),
        ...claimsAbout(principal, BUSINESS_CLAIMS, { knowsEmail: false, groupsTemplate: undefined }),
      }
    : {
        sub: chain.clientId,
        type: 'app',
        directory_uid: chain.appDirectoryUid,
        business_uid: chain.appBusinessUid ?? undefined,
      }
  return {
    active: true,
    scope: scopes.length === 0 ? undefined : scopes.join(' '),
    client_id: chain.clientId,
    username: principal && mayKnowEmail(scopes, chain.appOrigin) ? principal.email : undefined,
    token_type: kind === 'refresh' ? undefined : 'bearer',
    exp: token.expiresAt,
    iat: token.createdAt,
    aud: kind === 'refresh' ? undefined : (token.audience ?? issuer),
    iss: issuer,
    ...about,
    app_code_name: chain.codeName,
    auth_time: authTime ?? undefined,
    sid: context?.sid,
    acr: context?.acr,
    amr: context?.amr,
    cnf: token.cnf === null ? undefined : JSON.parse(token.cnf),
    ...(presented.includes('.') ? signedClaims(presented) : undefined),
  }
}

/** Returns the claims that only a JWT has. The signature is ours, because the token was found by its digest. */
function signedClaims(presented: string): Record<string, unknown> {
  const { jti, auth_time, acr, amr } = JSON.parse(Buffer.from(presented.split('.')[1]!, 'base64url').toString())
  return { jti, auth_time, acr, amr }
}
