import type { AuthorizationRequest } from '../../domain/authorization-request.ts'
import { findSession } from '../../domain/session.ts'
import { visitorKey } from '../../http/address.ts'
import type { Incoming } from '../../http/incoming.ts'
import type { Params } from '../../http/params.ts'
import { digest, tokenDigest } from '../../kit/digest.ts'
import { newToken } from '../../kit/id.ts'
import { Problem, Refusal } from '../../kit/refusal.ts'
import type { Site } from '../../site.ts'
import { proceed } from '../authorize/proceed.ts'
import { LONGEST_STATE, type Proven, proveClient, readRequest } from '../authorize/read.ts'
import { respondWithError } from '../authorize/respond.ts'
import { heedHint } from '../checks/id-token-hint.ts'
import { refuse } from '../error.ts'

/** RFC 6749 §3.1. Proves app and redirect URI first; from then on an error goes back to the app, before that to a page. */
export async function authorize(incoming: Incoming, site: Site): Promise<Response> {
  const params = incoming.method === 'POST' ? incoming.query.and(await incoming.form()) : incoming.query
  const proven = await proveClient(params, site)
  try {
    const { app } = proven
    const asked = readRequest(params, proven, site)
    const session = await findSession(site.cookies.read(incoming, 'session'), site)
    const request = await heedHint(params.get('id_token_hint'), asked, session, app, site)
    const wait = () => makeWait(incoming, request, proven, site)
    return await proceed(
      { request, app, session, waiting: undefined, allowed: false, reference: incoming.reference, wait },
      site,
    )
  } catch (error) {
    // Floods and a database that is down concern the person in front of the page, not the app.
    if (!(error instanceof Refusal) || error instanceof Problem || error.status >= 429) throw error
    site.log.info(
      { reference: incoming.reference, app: proven.app.uid, refusal: error.message },
      'authorization refused',
    )
    return respondWithError({ redirectUri: proven.redirectUri, state: stateOf(params) }, error, site.config.issuer)
  }
}

/** The largest request that waits, in bytes: strangers can make as many wait as the limit for one address allows. */
const LARGEST_WAIT = 12_288

/** Stores the request until a person has answered. The browser gets an unguessable ticket, good only with its own cookie. */
async function makeWait(incoming: Incoming, request: AuthorizationRequest, { app }: Proven, site: Site) {
  const text = JSON.stringify(request)
  if (Buffer.byteLength(text) > LARGEST_WAIT) {
    refuse('invalid_request', `The parameters are together longer than ${LARGEST_WAIT} bytes.`)
  }
  await site.limits.checkRequests(visitorKey(incoming.address))
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
