import { RESPONSE_TYPES } from '../../domain/apps/app-protocol.ts'
import { findSession } from '../../domain/people/session.ts'
import type { AuthorizationRequest } from '../../domain/requests/authorization-request.ts'
import { visitorKey } from '../../http/address.ts'
import type { Incoming } from '../../http/incoming.ts'
import type { Params } from '../../http/params.ts'
import type { Answer } from '../../http/reply.ts'
import { digest, tokenDigest } from '../../kit/digest.ts'
import { newToken } from '../../kit/id.ts'
import { Problem, Refusal } from '../../kit/refusal.ts'
import type { Site } from '../../site.ts'
import { cameAgain, comeAgain } from '../authorize/come-again.ts'
import { proceed } from '../authorize/proceed.ts'
import { findPushed, mustPush } from '../authorize/pushed.ts'
import { LONGEST_STATE, PROMPTS, type Proven, proveClient, readRequest } from '../authorize/read.ts'
import { checkReturn } from '../authorize/recheck.ts'
import { type ReturnAddress, respondWithError } from '../authorize/respond.ts'
import { modeForError, RESPONSE_MODES } from '../authorize/response-mode.ts'
import { heedHint } from '../checks/id-token-hint.ts'
import { CHALLENGE_METHODS } from '../checks/pkce.ts'
import { refuse } from '../errors/error.ts'
import type { Fragment } from '../metadata/fragment.ts'

export const authorizeMetadata: Fragment = ({ scopes }, at) => ({
  authorization_endpoint: at('/oauth/authorize'),
  response_types_supported: RESPONSE_TYPES,
  response_modes_supported: RESPONSE_MODES,
  prompt_values_supported: PROMPTS,
  code_challenge_methods_supported: CHALLENGE_METHODS,
  scopes_supported: scopes.names,
  authorization_response_iss_parameter_supported: true,
  request_parameter_supported: false,
  request_uri_parameter_supported: false,
})

/** RFC 6749 §3.1. Proves app and redirect URI first; from then on an error goes back to the app, before that to a page. */
export async function authorize(incoming: Incoming, site: Site): Promise<Answer> {
  const { query } = incoming
  const params = incoming.method === 'POST' ? query.and(await incoming.form()) : (cameAgain(query, site) ?? query)
  const again = comeAgain(params, incoming, site)
  if (again) return again
  const pushed = await findPushed(params, site)
  const proven = pushed ? { app: pushed.app, ...pushed.request } : await proveClient(params, incoming, site)
  const { app } = proven
  // What was proven when it was pushed may have been taken off the app since; then not even an error goes there.
  if (pushed) checkReturn(pushed.request, app)
  try {
    const { request: asked, hint } = pushed ?? (await readHere(params, proven, site))
    const session = await findSession(site.cookies.read(incoming, 'session'), site)
    const request = await heedHint(hint, asked, session, app, site)
    const wait = () => makeWait(incoming, request, proven, site)
    return await proceed({ request, app, session, waiting: undefined, allowed: false, incoming, wait }, site)
  } catch (error) {
    // Floods and a database that is down concern the person in front of the page, not the app.
    if (!(error instanceof Refusal) || error instanceof Problem || error.status >= 429) throw error
    site.log.info({ reference: incoming.reference, app: app.uid, refusal: error.message }, 'authorization refused')
    const to = pushed?.request ?? returnAddress(params, proven)
    return respondWithError(to, error, app.uid, incoming, site)
  }
}

/** The request as the browser brings it, from an app that does not have to push. */
async function readHere(params: Params, proven: Proven, site: Site) {
  if (mustPush(proven.app, site))
    refuse(
      'invalid_request',
      'This app has to push its requests: send them to the pushed authorization request endpoint.',
      {
        field: 'request_uri',
        check: 'must-push',
      },
    )
  return { request: await readRequest(params, proven, site), hint: params.get('id_token_hint') }
}

/** Where an error goes before the request is understood as a whole. */
function returnAddress(params: Params, { redirectUri }: Proven): ReturnAddress {
  return { redirectUri, state: stateOf(params), responseMode: modeForError(params, redirectUri) }
}

/** The largest request that waits, in bytes: strangers can make as many wait as the limit for one address allows. */
const LARGEST_WAIT = 12_288

/** Stores the request until a person has answered. The browser gets an unguessable ticket, good only with its own cookie. */
async function makeWait(incoming: Incoming, request: AuthorizationRequest, { app }: Proven, site: Site) {
  const text = JSON.stringify(request)
  if (Buffer.byteLength(text) > LARGEST_WAIT) {
    refuse('invalid_request', `The parameters are together longer than ${LARGEST_WAIT} bytes.`)
  }
  await site.limits.check('authorization-requests', visitorKey(incoming.address))
  const now = site.clock.now()
  const ticket = newToken(now)
  const known = site.cookies.read(incoming, 'browser')
  const browser = known ?? newToken(now)
  await site.store.requests.add({
    digest: tokenDigest(ticket),
    browser: digest(browser),
    appUid: app.uid,
    request: text,
    sessionUid: null,
    businessUid: null,
    createdAt: now,
    expiresAt: now + site.config.requestLifetime,
    answeredAt: null,
  })
  return { ticket, cookies: known ? [] : [site.cookies.write('browser', browser)] }
}

/** The state to send back with an error, unless the state itself is what is wrong. */
function stateOf(params: Params): string | null {
  try {
    const state = params.get('state')
    return state !== undefined && state.length <= LONGEST_STATE ? state : null
  } catch {
    return null
  }
}
