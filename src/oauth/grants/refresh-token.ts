import { tokenDigest } from '../../kit/digest.ts'
import { isToken } from '../../kit/id.ts'
import type { Site } from '../../site.ts'
import type { App } from '../../store/nouns/apps.ts'
import type { ApprovalContext } from '../../store/nouns/codes.ts'
import type { IssuedRefreshToken } from '../../store/nouns/refresh-tokens.ts'
import { checkProof } from '../checks/proof.ts'
import { readRefreshScope } from '../checks/refresh-scope.ts'
import { chooseTarget } from '../checks/resource.ts'
import { stillAllowedClaims } from '../checks/still-allowed-claims.ts'
import { refuse } from '../errors/refusals.ts'
import { mayRefresh } from '../refresh/new-refresh-token.ts'
import { resolveRefresh } from '../refresh/resolve-refresh.ts'
import type { Grant, TokenRequest } from './grant.ts'

/** Other requests can be faster a few times, but more often than this is not a race. */
const MAX_TRIES = 4

/**
 * Refresh token grant (RFC 6749 §6). Only the app that got the refresh token can use it or trigger the replay detection. If the app rotates
 * refresh tokens, each use replaces the token. An app that did not receive the answer gets the same new token again.
 */
export const refreshToken: Grant = {
  type: 'refresh_token',
  async redeem(request, site) {
    const { app, form } = request
    if (!mayRefresh(app)) refuse('refresh-token.unregistered', { grants: app.protocol.grantTypes!.join(', ') })
    const presented = form.need('refresh_token')
    const found = await needToken(presented, request, site)
    if (found.cnf) checkProof(found.cnf, request.proof)
    let use = await resolveRefresh(presented, found, request, site)
    const scopes = readRefreshScope(form.get('scope'), found.scopes, app, site)
    const { chainUid, authTime } = found
    const approval = {
      chainUid,
      scopes: found.scopes,
      principal: use.principal,
      // OpenID Connect Core §12.2: the person and the time of the approval stay; only the first ID token has the nonce.
      nonce: null,
      authTime,
      context: allowedContext(found, app, site),
      cnf: found.cnf ?? null,
    }
    return {
      app,
      approval,
      scopes,
      target: await chooseTarget(form, app, found.context.resources, scopes, site),
      async mint(access, event) {
        for (let tries = 0; tries < MAX_TRIES; tries++) {
          if (await use.mint({ ...access, chainUid }, event)) return use.token
          // Another request used the token first. Read it again, because the app may now get a different refresh token.
          use = await resolveRefresh(presented, await needToken(presented, request, site), request, site)
        }
        return refuse('refresh-token.busy')
      },
    }
  },
}

/** Returns the context without the requested claims that the app may no longer have. */
function allowedContext({ context, scopes }: IssuedRefreshToken, app: App, site: Site): ApprovalContext {
  if (!context.claims) return context
  const claims = Object.fromEntries(
    Object.entries(context.claims).map(([place, requested]) => [
      place,
      stillAllowedClaims(requested, scopes, app, site),
    ]),
  )
  return { ...context, claims }
}

async function needToken(presented: string, { app }: TokenRequest, { store }: Site): Promise<IssuedRefreshToken> {
  const found = isToken(presented) ? await store.refreshTokens.find(tokenDigest(presented)) : undefined
  return found?.appUid === app.uid ? found : refuse('refresh-token.unknown')
}
