import { RESPONSE_TYPES } from '../../domain/apps/app-protocol.ts'
import { resumeSession } from '../../domain/people/session.ts'
import type { Endpoint } from '../../endpoint.ts'
import type { Incoming } from '../../http/incoming.ts'
import type { Params } from '../../http/params.ts'
import type { Answer } from '../../http/reply.ts'
import { Refusal } from '../../kit/refusal.ts'
import type { Site } from '../../site.ts'
import type { App } from '../../store/nouns/apps.ts'
import { pageErrors } from '../../ui/page-errors.ts'
import { pageUrls } from '../../ui/page-urls.ts'
import { BOUNCED, bounceCrossSitePost, readBouncedPost } from '../authorize/cross-site-post.ts'
import { applyHint } from '../authorize/id-token-hint.ts'
import { LONGEST_STATE, PROMPTS, RESPONSE_MODES, type ResponseMode, readResponseMode } from '../authorize/parameters.ts'
import { proceed } from '../authorize/proceed.ts'
import { findPushed } from '../authorize/pushed-request.ts'
import { type Proven, proveClient, readRequest } from '../authorize/read-request.ts'
import { checkFormPost, checkReturn } from '../authorize/request-checks.ts'
import { type ReturnAddress, respondWithError } from '../authorize/respond.ts'
import { CHALLENGE_METHODS } from '../checks/pkce.ts'
import { refuse } from '../errors/refusals.ts'

export const authorizeEndpoint: Endpoint = {
  path: pageUrls.authorize(),
  methods: ['GET', 'POST'],
  alsoAt: ['/app/oauth/authorize'],
  refusesHead: true,
  metadata: ({ scopes }, at) => ({
    authorization_endpoint: at(pageUrls.authorize()),
    response_types_supported: RESPONSE_TYPES,
    response_modes_supported: RESPONSE_MODES,
    prompt_values_supported: PROMPTS,
    code_challenge_methods_supported: CHALLENGE_METHODS,
    scopes_supported: scopes.names,
    authorization_response_iss_parameter_supported: true,
    request_parameter_supported: false,
    request_uri_parameter_supported: false,
  }),
  errors: pageErrors,
  handle: authorize,
}

/**
 * Authorization endpoint (RFC 6749 §3.1). Proves the app and its redirect URI first: until then an error is a page, from then on it goes
 * back to the app.
 */
async function authorize(incoming: Incoming, site: Site): Promise<Answer> {
  const isPost = incoming.method === 'POST'
  const { query } = incoming
  const isBounced = !isPost && query.has(BOUNCED)
  const params = isPost ? query.and(await incoming.form()) : isBounced ? readBouncedPost(query, site) : query
  const bounced = isPost && bounceCrossSitePost(params, incoming, site)
  if (bounced) return bounced
  const pushed = params.has('request_uri') ? await findPushed(params, site) : undefined
  const proven = pushed ? { app: pushed.app, ...pushed.request } : await proveClient(params, incoming, site)
  const { app } = proven
  try {
    // The app may have lost since what it pushed, even the redirect URI. Then the error is a page.
    if (pushed) checkReturn(pushed.request, app, site)
    else checkMayBring(app, site)
    const { request: read, hint } = pushed ?? (await readRequest(params, 'authorize', proven, site))
    const session = await resumeSession(site.cookies.read(incoming, 'session'), site)
    const isExpecting = hint !== undefined || read.claims !== null
    const request = isExpecting ? await applyHint(hint, read, session, app, site) : read
    return await proceed({ request, app, session, waiting: undefined, allowed: false, incoming }, site)
  } catch (error) {
    // Conflicts, floods and a database that is down concern the person in front of the page, not the app.
    // An error about the redirect URI never goes there.
    if (!(error instanceof Refusal) || error.status >= 409 || error.field === 'redirect_uri') throw error
    site.log.info({ reference: incoming.reference, app: app.uid, refusal: error.message }, 'authorization refused')
    return respondWithError(pushed?.request ?? returnAddress(params, proven), error, app.uid, incoming, site)
  }
}

/** Refuses a request from the browser if the app has to push its requests. */
function checkMayBring(app: App, { config }: Site): void {
  if (config.requirePar || app.protocol.requirePushedRequests === true) refuse('request.must-push')
}

/** Where an error goes that is found before the whole request was read. */
function returnAddress(params: Params, { redirectUri }: Proven): ReturnAddress {
  return { redirectUri, state: stateOf(params), responseMode: modeOf(params, redirectUri) }
}

/** The response mode of the request, or `query` if that mode is what is wrong. */
function modeOf(params: Params, redirectUri: string): ResponseMode {
  try {
    const sent = { response_mode: readResponseMode(params.get('response_mode')), state: params.get('state') }
    checkFormPost({ sent, redirectUri })
    return sent.response_mode
  } catch {
    return 'query'
  }
}

/** The state of the request, unless the state is what is wrong. */
function stateOf(params: Params): string | null {
  try {
    const state = params.get('state')
    return state !== undefined && state.length <= LONGEST_STATE ? state : null
  } catch {
    return null
  }
}
