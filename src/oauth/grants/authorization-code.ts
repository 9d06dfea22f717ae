import { isRegistered } from '../../domain/apps/redirect-uri.ts'
import { appActor } from '../../domain/audit/actor.ts'
import { requestedScopes } from '../../domain/tokens/claims.ts'
import { countWrongVerifier } from '../../domain/tokens/count-wrong-verifier.ts'
import { endReplayed } from '../../domain/tokens/end-replayed.ts'
import { tokenDigest } from '../../kit/digest.ts'
import { isToken } from '../../kit/id.ts'
import type { Refusal } from '../../kit/refusal.ts'
import type { Site } from '../../site.ts'
import type { App } from '../../store/nouns/apps.ts'
import { type IssuedCode, MAX_WRONG_VERIFIERS } from '../../store/nouns/codes.ts'
import { isRightVerifier } from '../checks/pkce.ts'
import { checkProof } from '../checks/proof.ts'
import { chooseTarget } from '../checks/resource.ts'
import { refusal, refuse } from '../errors/refusals.ts'
import { newRefreshToken } from '../refresh/new-refresh-token.ts'
import type { Grant, TokenRequest } from './grant.ts'

/**
 * Authorization code grant (RFC 6749 §4.1.3). Uses the code only after all checks: only the app that got the code, with the same redirect
 * URI and the right verifier, can use it or trigger the replay detection. Any other request changes nothing, except that wrong verifiers are counted.
 */
export const authorizationCode: Grant = {
  type: 'authorization_code',
  async redeem(request, site) {
    const { app, form, proof } = request
    checkGrantType(app)
    const presented = form.need('code')
    const code = isToken(presented) ? await site.store.codes.find(tokenDigest(presented)) : undefined
    if (!code) return refuseCode(refusal('code.never-issued'), site)
    if (code.appUid !== app.uid) return refuseCode(refusal('code.of-another-app'), site)
    checkRedirectUri(code, form.get('redirect_uri'))
    if (code.wrongVerifiers >= MAX_WRONG_VERIFIERS) refuse('code.guessed', { most: MAX_WRONG_VERIFIERS })
    if (!isRightVerifier(code.codeChallenge, form.get('code_verifier'))) return refuseVerifier(code, request, site)
    if (code.cnf) checkProof(code.cnf, proof)
    if (code.redeemedAt !== null) return endUsedCode(code, request, site)
    const expiredFor = site.clock.now() - code.expiresAt
    if (expiredFor >= 0) return refuseCode(refusal('code.expired', { seconds: expiredFor }), site)
    if (!code.principal) return refuseCode(refusal('code.disconnected'), site)
    // The app may have lost the redirect URI or a scope after the authorization.
    if (!isRegistered(app.redirectUris, code.redirectUri)) refuse('code.redirect-uri-withdrawn')
    const requested = requestedScopes({ scopes: code.scopes, claims: code.context.claims ?? null })
    const withdrawn = site.scopes.findForbidden(app, requested)
    if (withdrawn !== undefined) refuse('code.scope-withdrawn', { scope: withdrawn })
    const { chainUid, scopes, principal, nonce, authTime, context } = code
    const cnf = code.cnf ?? null
    return {
      app,
      approval: { chainUid, scopes, principal, nonce, authTime, context, cnf },
      scopes,
      target: await chooseTarget(form, app, context.resources, scopes, site),
      async mint(access, event) {
        const refresh = newRefreshToken({ app, ...code, createdAt: access.createdAt }, site)
        const minted = { access: { ...access, chainUid }, refresh: refresh?.row }
        if (await site.store.codes.redeem(code.digest, access.createdAt, minted, event)) return refresh?.token
        // Another request used the code first, or the chain has ended. Read the code again to see which.
        const now = await site.store.codes.find(code.digest)
        if (now && now.redeemedAt !== null) await endUsedCode(code, request, site)
        return refuseCode(refusal('code.disconnected'), site)
      },
    }
  },
}

/** The app may have lost the grant type after the authorization. */
function checkGrantType({ protocol: { grantTypes } }: App): void {
  if (grantTypes && !grantTypes.includes('authorization_code')) refuse('request.no-codes')
}

/**
 * A client of OAuth 2.1 leaves the redirect URI out. With a challenge that is safe: the code is useless without the verifier of the
 * browser session that began the request, so that a code from a changed redirect URI cannot be put into another session.
 */
function checkRedirectUri(code: IssuedCode, redirectUri: string | undefined): void {
  if (redirectUri === undefined && code.redirectUriSent && code.codeChallenge === null) refuse('code.no-redirect-uri')
  if (redirectUri !== undefined && redirectUri !== code.redirectUri) refuse('code.other-redirect-uri')
}

/** The only refusal that changes something: a code that is not used yet can be guessed only a few times. */
async function refuseVerifier(code: IssuedCode, { app, reference }: TokenRequest, site: Site): Promise<never> {
  await countWrongVerifier(code, appActor(app, reference), site)
  return refuse('code-verifier.wrong')
}

/** Ends all tokens of a used code that comes again, because there is a copy of it (RFC 6749 §4.1.2). */
async function endUsedCode(code: IssuedCode, { app, reference }: TokenRequest, site: Site): Promise<never> {
  if (await endReplayed(code, appActor(app, reference), site)) {
    site.log.warn(
      { reference, app: app.uid, chain: code.chainUid },
      'a used code was presented again; its tokens were ended',
    )
  }
  return refuseCode(refusal('code.used-again'), site)
}

/** Gives unknown, expired, used and other apps' codes one message, so that the answer does not reveal which it is. `actual` says it to the operator. */
function refuseCode(actual: Refusal, { config }: Site): never {
  return refuse('code.unknown', { seconds: config.codeLifetime }, { actual })
}
