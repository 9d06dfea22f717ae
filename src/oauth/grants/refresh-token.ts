import { tokenDigest } from '../../kit/digest.ts'
import { isToken } from '../../kit/id.ts'
import { Unavailable } from '../../kit/refusal.ts'
import type { Site } from '../../site.ts'
import type { App } from '../../store/nouns/apps.ts'
import type { GrantFacts } from '../../store/nouns/codes.ts'
import type { IssuedRefreshToken } from '../../store/nouns/refresh-tokens.ts'
import { leftClaims } from '../checks/left-claims.ts'
import { readRefreshScope } from '../checks/refresh-scope.ts'
import { chooseResource } from '../checks/resource.ts'
import { refuse } from '../errors/error.ts'
import { mayRefresh } from '../refresh/refresh.ts'
import { settleUse } from '../refresh/refresh-use.ts'
import type { Grant, TokenRequest } from './grant.ts'

/** Somebody else may come first once before the use and once before its repetition; more than that is no race. */
const MOST_TRIES = 4

/**
 * RFC 6749 §6. Only the app that it was given to can use a refresh token, or set off the replay alarm. Each use replaces it where the
 * app rotates; whoever did not receive the answer gets the same one again.
 */
export const refreshToken: Grant = {
  type: 'refresh_token',
  async redeem(request, site) {
    const { app, form } = request
    if (!mayRefresh(app)) {
      const sentence = `This app is registered for other grants: ${app.protocol.grantTypes!.join(', ')}.`
      refuse('unauthorized_client', sentence, { check: 'refresh-grant-type' })
    }
    const presented = form.need('refresh_token')
    const found = await needToken(presented, request, site)
    let use = await settleUse(presented, found, request, site)
    const scopes = readRefreshScope(form.get('scope'), found.scopes, app, site)
    const given = { token: use.token }
    return {
      app,
      chainUid: found.chainUid,
      scopes,
      grantedScopes: found.scopes,
      holder: use.holder,
      // OpenID Connect Core §12.2: who it is and since when, as at the approval; the nonce was for the first ID token alone.
      nonce: null,
      authTime: found.authTime,
      facts: withoutLostClaims(found, app, site),
      resource: await chooseResource(form, app, found.facts.resources, site),
      refresh: given,
      async mint({ access }, event) {
        for (let tries = 0; tries < MOST_TRIES; tries++) {
          if (await use.mint(access, event)) return
          // What the token is good for has to be seen afresh; it may be another that goes with the answer now.
          use = await settleUse(presented, await needToken(presented, request, site), request, site)
          given.token = use.token
        }
        throw new Unavailable(
          'This refresh_token is being used by many at once. Nothing was changed; please try again.',
        )
      },
    }
  },
}

/** A claim that was asked for by name goes with the scope that covers it, when that is taken off the app. */
function withoutLostClaims({ facts, scopes }: IssuedRefreshToken, app: App, site: Site): GrantFacts {
  if (!facts.claims) return facts
  const claims = Object.fromEntries(
    Object.entries(facts.claims).map(([place, wishes]) => [place, leftClaims(wishes, scopes, app, site)]),
  )
  return { ...facts, claims }
}

async function needToken(presented: string, { app }: TokenRequest, { store }: Site): Promise<IssuedRefreshToken> {
  const found = isToken(presented) ? await store.refreshTokens.find(tokenDigest(presented)) : undefined
  if (found && found.appUid === app.uid) return found
  return refuse(
    'invalid_grant',
    'The refresh_token is unknown, or was given to another app. Send the one of the last answer, letter for letter.',
    { field: 'refresh_token' },
  )
}
