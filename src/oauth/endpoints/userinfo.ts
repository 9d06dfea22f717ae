import { SIGNING_ALGORITHMS } from '../../domain/keys/signing-algorithms.ts'
import { personalClaims, principalClaims } from '../../domain/tokens/claims.ts'
import type { Endpoint } from '../../endpoint.ts'
import type { Incoming } from '../../http/incoming.ts'
import type { Answer } from '../../http/reply.ts'
import type { Site } from '../../site.ts'
import type { RequestedClaims } from '../../store/nouns/codes.ts'
import { needLiveToken, type PersonsToken, scopesHere } from '../checks/bearer.ts'
import { stillAllowedClaims } from '../checks/still-allowed-claims.ts'
import { oauthErrors } from '../errors/oauth-errors.ts'
import { answerUserinfo } from './userinfo-answer.ts'

export const userinfoEndpoint: Endpoint = {
  path: '/oauth/userinfo',
  methods: ['GET', 'POST'],
  readableBy: 'any-origin',
  metadata: (_, at) => ({
    userinfo_endpoint: at('/oauth/userinfo'),
    userinfo_signing_alg_values_supported: SIGNING_ALGORITHMS,
  }),
  errors: oauthErrors,
  handle: userinfo,
}

/**
 * OpenID Connect Core §5.3: who signed in and on behalf of which business, with the brand that the platform's apps show, and what the token
 * allows, so that an API which asks here can hold an app to it.
 */
async function userinfo(incoming: Incoming, site: Site): Promise<Answer> {
  const token = await needLiveToken(incoming, site)
  // It says the same for as long as the token is the same, so it is put together once.
  return answerUserinfo(
    token.claimsJson.get(site, () => claimsOf(token, site)),
    token.chain,
    site,
  )
}

function claimsOf(token: PersonsToken, site: Site): string {
  const { claims: asked, chain } = token
  const { principal } = chain
  const scopes = scopesHere(token, site)
  const requested = asked === null ? undefined : (JSON.parse(asked) as NonNullable<RequestedClaims['userinfo']>)
  const allowed = requested && stillAllowedClaims(requested, token.scopes, { scopes: chain.appScopes }, site)
  const claims = JSON.stringify({
    ...principalClaims(principal, scopes, site.subjects.of(chain, principal.staffUid)),
    ...personalClaims(principal, scopes, allowed),
    scope: scopes.join(' '),
  })
  // The theme is stored as the JSON that is sent.
  return `${claims.slice(0, -1)},"brand_host":${JSON.stringify(principal.brandHost)},"brand_theme":${principal.themeJson}}`
}
