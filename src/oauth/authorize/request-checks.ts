import { RESPONSE_TYPES } from '../../domain/apps/app-protocol.ts'
import { isRegistered } from '../../domain/apps/redirect-uri.ts'
import type { AuthorizationRequest } from '../../domain/requests/authorization-request.ts'
import { requestedScopes } from '../../domain/tokens/claims.ts'
import { Malformed, printable } from '../../http/params.ts'
import { Problem } from '../../kit/refusal.ts'
import type { Site } from '../../site.ts'
import type { App } from '../../store/nouns/apps.ts'
import { checkChallenge, mustUsePkce } from '../checks/pkce.ts'
import { checkResources } from '../checks/resource.ts'
import { refuse } from '../errors/error.ts'
import type { Sent } from './parameters.ts'

/** A request as it arrives, from an app and with a redirect URI that are proven. */
export interface Arrival {
  sent: Sent
  /** The scopes sent, or the default ones of the app. */
  scopes: readonly string[]
  /** The values of `resource`. */
  resources: readonly string[]
  redirectUri: string
  app: App
  site: Site
}

/** The checks of a request when it arrives, in the order in which they run. */
const ON_ARRIVAL: readonly ((arrival: Arrival) => void | Promise<void>)[] = [
  ({ app }) => checkGrantType(app),
  checkResponseType,
  checkUnsupported,
  checkExplicit,
  checkFormPost,
  checkScopes,
  checkPkce,
  ({ resources, scopes, app, site }) =>
    resources.length > 0 ? checkResources(resources, scopes, app, site) : undefined,
]

/**
 * The checks of a stored request when it comes back, in the order in which they run: it may have waited for an hour, and the app may have
 * lost since what it asks for (RFC 9126 §4, §7.4).
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
  if (grantTypes && !grantTypes.includes('authorization_code'))
    refuse('unauthorized_client', 'This app is registered without the grant type authorization_code.', {
      check: 'grant-types',
    })
}

function checkResponseType({ sent, app }: Arrival): void {
  // Only apps that the platform registered may leave it out; the standard requires it (RFC 6749 §3.1.1).
  const mayOmit = app.origin === 'platform' && app.protocol.requireExplicitRequest !== true
  if (sent.response_type === undefined && !mayOmit)
    throw new Malformed('The parameter response_type is missing.', 'response_type')
  if (!RESPONSE_TYPES.includes(sent.response_type ?? 'code'))
    refuse(
      'unsupported_response_type',
      `The response_type must be ${RESPONSE_TYPES.join(' or ')}; tokens are never sent through a browser.`,
      { field: 'response_type' },
    )
}

/** OpenID Connect Core §3.1.2.6. */
function checkUnsupported({ sent }: Arrival): void {
  if (sent.request !== undefined)
    refuse('request_not_supported', 'Request objects are not supported; send the parameters themselves.', {
      field: 'request',
    })
  if (sent.request_uri !== undefined)
    refuse(
      'request_uri_not_supported',
      'A request_uri is taken only as the pushed authorization request endpoint gave it.',
      { field: 'request_uri' },
    )
  // Apps of the platform send registration=true for something else, which changes nothing here.
  if (/^\s*\{/.test(sent.registration ?? ''))
    refuse(
      'registration_not_supported',
      'An app cannot describe itself in a request; register it, or send the URL of a metadata document as client_id.',
      { field: 'registration' },
    )
}

/** Some apps are set to rely on no default and to tie each answer to a browser. A missing scope has an error of its own (RFC 6749 §3.3). */
function checkExplicit({ sent, app }: Arrival): void {
  if (app.protocol.requireExplicitRequest !== true) return
  if (sent.state === undefined) throw new Malformed('The parameter state is missing.', 'state')
  if (sent.scope === undefined)
    refuse('invalid_scope', 'The parameter scope is missing, and this app is set to send it always.', {
      field: 'scope',
    })
}

/** Checks that the redirect URI and the state fit a form that a browser posts. */
export function checkFormPost({
  sent,
  redirectUri,
}: {
  sent: Pick<Sent, 'response_mode' | 'state'>
  redirectUri: string
}): void {
  if (sent.response_mode !== 'form_post') return
  if (!/^https?:/.test(redirectUri))
    refuse('invalid_request', 'The response_mode form_post needs a redirect_uri that a browser can post a form to.', {
      field: 'response_mode',
    })
  // Browsers send every line break of a form as CR LF (HTML Standard §4.10.21.7), so the state would not come back unchanged.
  if (/[\r\n]/.test(sent.state ?? ''))
    refuse('invalid_request', 'The state has a line break, which response_mode=form_post cannot carry unchanged.', {
      field: 'state',
    })
}

function checkScopes({ sent, scopes, app, site }: Arrival): void {
  const name = site.scopes.findForbidden(app, scopes)
  if (name === undefined) return
  if (sent.scope === undefined) refuseLostScope(name)
  const why = site.scopes.has(name) ? 'is not registered for this app' : 'does not exist'
  refuse('invalid_scope', `The scope ${printable(name)} ${why}.`, { field: 'scope' })
}

function checkPkce({ sent, app }: Arrival): void {
  // A request without scopes may get an ID token, but does not show that the app knows about the nonce.
  const isRequired = mustUsePkce(app, sent.scope ?? [])
  checkChallenge(sent.code_challenge, sent.code_challenge_method, isRequired)
}

/** Refuses on a page, because the browser can no longer be sent to this redirect URI. */
export function checkStillRegistered({ redirectUri }: AuthorizationRequest, { redirectUris }: App): void {
  if (!isRegistered(redirectUris, redirectUri))
    throw new Problem(400, 'The redirect_uri is no longer one that the app has registered.', { field: 'redirect_uri' })
}

function checkStillEnough({ codeChallenge, scopes }: AuthorizationRequest, app: App): void {
  if (codeChallenge === null && mustUsePkce(app, scopes))
    refuse('invalid_request', 'This app must use PKCE by now: send code_challenge and code_challenge_method=S256.', {
      field: 'code_challenge',
    })
}

function checkStillAllowed(request: AuthorizationRequest, app: App, { scopes }: Site): void {
  const name = scopes.findForbidden(app, requestedScopes(request))
  if (name !== undefined) refuseLostScope(name)
}

function refuseLostScope(name: string): never {
  return refuse('invalid_scope', `The scope ${name} is no longer registered for this app.`)
}
