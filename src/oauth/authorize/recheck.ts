import type { AuthorizationRequest } from '../../domain/authorization-request.ts'
import { isRegistered } from '../../domain/redirect-uri.ts'
import { Problem } from '../../kit/refusal.ts'
import type { Site } from '../../site.ts'
import type { App } from '../../store/rows.ts'
import { OAuthError } from '../error.ts'

/** Refuses to answer where the app no longer is: a request may wait for an hour, and its redirect URI may be taken off the app meanwhile. */
export function checkReturn(request: AuthorizationRequest, app: App): void {
  if (isRegistered(app.redirectUris, request.redirectUri)) return
  throw new Problem(400, 'The redirect_uri is no longer one that the app has registered.', { field: 'redirect_uri' })
}

/** Why the app may no longer ask for what the request asks for, or undefined. */
export function lostScope(request: AuthorizationRequest, app: App, { scopes }: Site): OAuthError | undefined {
  const lost = request.scopes.find((name) => !scopes.mayAsk(app, name))
  return lost === undefined
    ? undefined
    : new OAuthError('invalid_scope', `The scope ${lost} is no longer registered for this app.`)
}
