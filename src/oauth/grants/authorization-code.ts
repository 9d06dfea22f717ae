import { isRegistered } from '../../domain/apps/redirect-uri.ts'
import { newEvent } from '../../domain/audit/events.ts'
import { askedScopes } from '../../domain/requests/asked-scopes.ts'
import { tokenDigest } from '../../kit/digest.ts'
import { isToken } from '../../kit/id.ts'
import type { Site } from '../../site.ts'
import type { IssuedCode } from '../../store/nouns/codes.ts'
import { checkVerifier } from '../checks/pkce.ts'
import { chooseResource } from '../checks/resource.ts'
import { OAuthError, refuse } from '../errors/error.ts'
import type { Grant, TokenRequest } from './grant.ts'

/**
 * RFC 6749 §4.1.3. Proves first and spends last: only the app that the code was given to, with the same redirect URI and the right
 * verifier, can spend it or set off the replay alarm. Everybody else leaves it as it was.
 */
export const authorizationCode: Grant = {
  type: 'authorization_code',
  async redeem(request, site) {
    const { app, form } = request
    const presented = form.need('code')
    const code = await findCode(presented, site)
    if (!code || code.appUid !== app.uid) return refuseCode(site)
    checkRedirectUri(code, form.get('redirect_uri'))
    checkVerifier(code.codeChallenge, form.get('code_verifier'))
    if (code.redeemedAt !== null) return alarm(code, request, site)
    if (code.expiresAt <= site.clock.now() || !code.holder) return refuseCode(site)
    // Taken off the app since: then nobody is to receive anything by it any more.
    if (!isRegistered(app.redirectUris, code.redirectUri))
      refuse('invalid_grant', 'The redirect_uri is no longer registered for this app.')
    const lost = askedScopes({ scopes: code.scopes, claims: code.facts.claims ?? null }).find(
      (name) => !site.scopes.mayAsk(app, name),
    )
    if (lost !== undefined) refuse('invalid_grant', `The scope ${lost} is no longer registered for this app.`)
    return {
      app,
      chainUid: code.chainUid,
      scopes: code.scopes,
      grantedScopes: code.scopes,
      holder: code.holder,
      nonce: code.nonce,
      authTime: code.authTime,
      facts: code.facts,
      resource: await chooseResource(form, app, code.facts.resources, site),
      refresh: 'if-due',
      async mint(minted, event) {
        if (await site.store.codes.redeem(code.digest, minted.access.createdAt, minted, event)) return
        // Lost to another exchange of the same code, or ended meanwhile: either way the code must be seen afresh.
        const now = await site.store.codes.find(code.digest)
        if (now && now.redeemedAt !== null) await alarm(code, request, site)
        refuseCode(site)
      },
    }
  },
}

async function findCode(presented: string, site: Site): Promise<IssuedCode | undefined> {
  return isToken(presented) ? site.store.codes.find(tokenDigest(presented)) : undefined
}

function checkRedirectUri(code: IssuedCode, redirectUri: string | undefined): void {
  if (redirectUri === undefined && code.redirectUriSent) {
    refuse('invalid_grant', 'The redirect_uri is missing: send the same one as in the authorization request.')
  }
  if (redirectUri !== undefined && redirectUri !== code.redirectUri) {
    refuse(
      'invalid_grant',
      'The redirect_uri is not the one of the authorization request; it must be the same, letter for letter.',
    )
  }
}

/** A used code came back (RFC 6749 §4.1.2): somebody has a copy, so everything the first use gave is ended. */
async function alarm(code: IssuedCode, { app, incoming }: TokenRequest, site: Site): Promise<never> {
  const { store, clock, log } = site
  const { reference } = incoming
  const now = clock.now()
  const event = newEvent('code.replayed', now, {
    actor: `app:${app.uid}`,
    appUid: app.uid,
    businessUid: code.holder?.businessUid ?? null,
    subject: code.chainUid,
    reference,
  })
  if (await store.chains.end(code.chainUid, now, 'code_replayed', event)) {
    log.warn(
      { reference, app: app.uid, chain: code.chainUid },
      'a used code was presented again; its tokens were ended',
    )
  }
  return refuseCode(site)
}

/** One sentence for unknown, foreign, expired and used: which of them it was is nobody's business but ours (the log has it). */
function refuseCode({ config }: Site): never {
  throw new OAuthError(
    'invalid_grant',
    `The code is unknown, was used before, has expired, or was given to another app. Codes live ${config.codeLifetime} seconds and work once.`,
  )
}
