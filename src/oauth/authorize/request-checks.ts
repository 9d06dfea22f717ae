import { RESPONSE_TYPES } from '../../domain/apps/app-protocol.ts'
import { isRegistered, isSchemeAllowed } from '../../domain/apps/redirect-uri.ts'
import type { AuthorizationRequest } from '../../domain/requests/authorization-request.ts'
import { requestedScopes } from '../../domain/tokens/claims.ts'
import { isLimited } from '../../domain/tokens/scopes.ts'
import { printable } from '../../http/params.ts'
import { refusal as httpRefusal } from '../../http/refusals.ts'
import type { Site } from '../../site.ts'
import type { App } from '../../store/nouns/apps.ts'
import { checkChallenge, mustUsePkce } from '../checks/pkce.ts'
import { refuse } from '../errors/refusals.ts'
import type { Sent } from './parameters.ts'

/** A new request of a known app with a registered redirect URI. */
export interface Arrival {
  sent: Sent
  /** The scopes sent, or else those of the app. */
  scopes: readonly string[]
  redirectUri: string
  app: App
  site: Site
}

type Returning = { sent: Pick<Sent, 'response_mode' | 'state'>; redirectUri: string; app: App }

/** The checks of a new request, in the order in which they run. */
const ON_ARRIVAL: readonly ((arrival: Arrival) => void | Promise<void>)[] = [
  ({ app }) => checkGrantType(app),
  checkResponseType,
  checkUnsupported,
  checkExplicit,
  checkResponseMode,
  checkScopes,
  checkPkce,
]

/**
 * The checks of a stored request, in the order in which they run. The settings of the app may have changed since it was stored (RFC 9126
 * §4, §7.4).
 */
const ON_RETURN: readonly ((request: AuthorizationRequest, app: App, site: Site) => void)[] = [
  checkStillRegistered,
  (_, app) => checkGrantType(app),
  checkStillEnough,
  checkStillAllowed,
]

export async function checkArrival(arrival: Arrival): Promise<void> {
  for (const check of ON_ARRIVAL) await check(arrival)
}

export function checkReturn(request: AuthorizationRequest, app: App, site: Site): void {
  for (const check of ON_RETURN) check(request, app, site)
}

function checkGrantType({ protocol: { grantTypes } }: App): void {
  if (grantTypes && !grantTypes.includes('authorization_code')) refuse('request.no-codes')
}

function checkResponseType({ sent, app }: Arrival): void {
  // The standard requires it (RFC 6749 §3.1.1), but apps that the platform registered may leave it out.
  const mayOmit = app.origin === 'platform' && app.protocol.requireExplicitRequest !== true
  if (sent.response_type === undefined && !mayOmit)
    throw httpRefusal('parameter.missing', { parameter: 'response_type' })
  if (!RESPONSE_TYPES.includes(sent.response_type ?? 'code'))
    refuse('response-type.unsupported', { types: RESPONSE_TYPES.join(' or ') })
}

/** OpenID Connect Core §3.1.2.6. */
function checkUnsupported({ sent }: Arrival): void {
  if (sent.request !== undefined) refuse('request.object')
  if (sent.request_uri !== undefined) refuse('request-uri.foreign')
  // Apps of the platform send registration=true for another purpose, which this server ignores.
  if (/^\s*\{/.test(sent.registration ?? '')) refuse('request.registration')
}

/** Apps with `requireExplicitRequest` must send state and scope. A missing scope has its own error code (RFC 6749 §3.3). */
function checkExplicit({ sent, app }: Arrival): void {
  if (app.protocol.requireExplicitRequest !== true) return
  if (sent.state === undefined) throw httpRefusal('parameter.missing', { parameter: 'state' })
  if (sent.scope === undefined) refuse('scope.missing')
}

/**
 * Checks that the app may get its answer in the fragment, or that a browser can post it to the redirect URI with an unchanged state. A
 * server cannot read a fragment: an attacker who asked for one would leave an unused code in the browser, through every redirect of the
 * app, for scripts of others to read. Only apps in a browser need it, and they are public.
 */
export function checkResponseMode({ sent, redirectUri, app }: Returning): void {
  if (sent.response_mode === 'fragment' && !app.public) refuse('response-mode.fragment')
  if (sent.response_mode !== 'form_post') return
  if (!/^https?:/.test(redirectUri)) refuse('response-mode.not-postable')
  // Browsers send every line break of a form as CR LF (HTML Standard §4.10.21.7), so the state would not come back unchanged.
  if (/[\r\n]/.test(sent.state ?? '')) refuse('state.line-break')
}

function checkScopes({ sent, scopes, app, site }: Arrival): void {
  const name = site.scopes.findForbidden(app, scopes)
  if (name === undefined) return
  if (sent.scope === undefined) refuseWithdrawn(name)
  const scope = { scope: printable(name) }
  if (!site.scopes.has(name)) refuse('scope.unknown', scope)
  if (isLimited(app)) refuse('scope.limited', scope)
  refuse(app.origin === 'platform' ? 'scope.unregistered' : 'scope.reserved', scope)
}

function checkPkce({ sent, app }: Arrival): void {
  // Only a request that names openid shows that the app uses OpenID Connect, which has the nonce.
  const isRequired = mustUsePkce(app, sent.scope ?? [])
  checkChallenge(sent.code_challenge, sent.code_challenge_method, isRequired)
}

/** Its refusal is shown on a page, because the browser can no longer be sent to this redirect URI. */
export function checkStillRegistered(
  { redirectUri }: AuthorizationRequest,
  { redirectUris }: App,
  { config }: Site,
): void {
  if (!isRegistered(redirectUris, redirectUri)) refuse('redirect-uri.withdrawn')
  if (!isSchemeAllowed(redirectUri, config)) refuse('redirect-uri.scheme-withdrawn')
}

function checkStillEnough({ codeChallenge, scopes }: AuthorizationRequest, app: App): void {
  if (codeChallenge === null && mustUsePkce(app, scopes)) refuse('pkce.missing')
}

function checkStillAllowed(request: AuthorizationRequest, app: App, { scopes }: Site): void {
  const name = scopes.findForbidden(app, requestedScopes(request))
  if (name !== undefined) refuseWithdrawn(name)
}

function refuseWithdrawn(name: string): never {
  return refuse('scope.withdrawn', { scope: name })
}
