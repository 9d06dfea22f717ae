import { isRegistered } from '../../domain/apps/redirect-uri.ts'
import type { AuthorizationRequest } from '../../domain/requests/authorization-request.ts'
import { askedScopes } from '../../domain/tokens/claims.ts'
import { Problem } from '../../kit/refusal.ts'
import type { Site } from '../../site.ts'
import type { App } from '../../store/nouns/apps.ts'
import { mustUsePkce } from '../checks/pkce.ts'
import { OAuthError } from '../errors/error.ts'

/** Refuses to answer where the app no longer is: a request may wait for an hour, and its redirect URI may be taken off the app meanwhile. */
export function checkReturn(request: AuthorizationRequest, app: App): void {
  if (isRegistered(app.redirectUris, request.redirectUri)) return
  throw new Problem(400, 'The redirect_uri is no longer one that the app has registered.', { field: 'redirect_uri' })
}

/** Why the request is no longer enough for what the app is registered as since it was read (RFC 9126 §4, §7.4), or undefined. */
export function outgrown({ codeChallenge, scopes }: AuthorizationRequest, app: App): OAuthError | undefined {
  const barred = withoutCodes(app)
  if (barred) return barred
  return codeChallenge === null && mustUsePkce(app, scopes)
    ? new OAuthError(
        'invalid_request',
        'This app must use PKCE by now: send code_challenge and code_challenge_method=S256.',
        {
          field: 'code_challenge',
        },
      )
    : undefined
}

/** Why the app may have no codes at all, or undefined. */
export function withoutCodes({ protocol: { grantTypes } }: App): OAuthError | undefined {
  if (!grantTypes || grantTypes.includes('authorization_code')) return undefined
  const sentence = 'This app is registered without the grant type authorization_code.'
  return new OAuthError('unauthorized_client', sentence, { check: 'grant-types' })
}

/** Why the app may no longer ask for what the request asks for, or undefined. */
export function lostScope(request: AuthorizationRequest, app: App, { scopes }: Site): OAuthError | undefined {
  const lost = scopes.findForbidden(app, askedScopes(request))
  return lost === undefined
    ? undefined
    : new OAuthError('invalid_scope', `The scope ${lost} is no longer registered for this app.`)
}
