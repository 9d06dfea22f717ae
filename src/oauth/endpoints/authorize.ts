import { RESPONSE_TYPES } from '../../domain/apps/app-protocol.ts'
import { resumeSession } from '../../domain/people/session.ts'
import type { Endpoint } from '../../endpoint.ts'
import { loggedRefusal } from '../../http/boundary.ts'
import type { Params } from '../../http/params.ts'
import { Refusal } from '../../kit/refusal.ts'
import { pageErrors } from '../../ui/page-errors.ts'
import { pageUrls } from '../../ui/page-urls.ts'
import { BOUNCED, bounceCrossSitePost, readBouncedPost } from '../authorize/cross-site-post.ts'
import { applyIdTokenHint } from '../authorize/id-token-hint.ts'
import {
  MAX_STATE_LENGTH,
  PROMPTS,
  RESPONSE_MODES,
  type ResponseMode,
  readResponseMode,
} from '../authorize/parameters.ts'
import { proceed } from '../authorize/proceed.ts'
import { findPushedRequest } from '../authorize/pushed-request.ts'
import { type Proven, proveClient, readRequest } from '../authorize/read-request.ts'
import { checkResponseMode, checkReturn } from '../authorize/request-checks.ts'
import { findRequestObjectMode } from '../authorize/request-object.ts'
import { type ReturnAddress, respondWithError } from '../authorize/respond.ts'
import { CHALLENGE_METHODS } from '../checks/pkce.ts'
import { refuse } from '../errors/refusals.ts'

/**
 * Authorization endpoint (RFC 6749 §3.1). Checks the app and its redirect URI first: before that, an error is a page; after that, it goes
 * back to the app.
 */
export const authorizeEndpoint: Endpoint = {
  path: pageUrls.authorize(),
  methods: ['GET', 'POST'],
  alsoAt: ['/app/oauth/authorize'],
  refusesHead: true,
  metadata: ({ scopes }, url) => ({
    authorization_endpoint: url,
    response_types_supported: RESPONSE_TYPES,
    response_modes_supported: RESPONSE_MODES,
    prompt_values_supported: PROMPTS,
    code_challenge_methods_supported: CHALLENGE_METHODS,
    scopes_supported: scopes.open,
    authorization_response_iss_parameter_supported: true,
    request_parameter_supported: false,
    request_uri_parameter_supported: false,
  }),
  errors: pageErrors,
  async handle(incoming, site) {
    const isPost = incoming.method === 'POST'
    const { query } = incoming
    const isBounced = !isPost && query.has(BOUNCED)
    const params = isPost ? query.and(await incoming.form()) : isBounced ? readBouncedPost(query, site) : query
    const bounced = isPost && bounceCrossSitePost(params, incoming, site)
    if (bounced) return bounced
    const pushed = params.has('request_uri') ? await findPushedRequest(params, site) : undefined
    const proven = pushed ? { app: pushed.app, ...pushed.request } : await proveClient(params, incoming, site)
    const { app } = proven
    try {
      // The settings of the app may have changed since it pushed the request. If the redirect URI is gone, the error is a page.
      if (pushed) checkReturn(pushed.request, app, site)
      else if (site.config.requirePar || app.protocol.requirePushedRequests === true) refuse('request.must-push')
      const { request: read, hint } = pushed ?? (await readRequest(params, 'authorize', proven, site))
      const session = await resumeSession(site.cookies.read(incoming, 'session'), site)
      // Only these parameters can name a person that the app expects.
      const canName = hint !== undefined || read.claims !== null
      const request = canName ? await applyIdTokenHint(hint, read, session, app, site) : read
      return await proceed({ request, app, session, waiting: undefined, allowed: false, incoming }, site)
    } catch (error) {
      // Conflicts, rate limits and a database that is down are shown to the person, because the app can do nothing about them.
      // An error about the redirect URI is never sent to that URI.
      if (!(error instanceof Refusal) || error.status >= 409 || error.field === 'redirect_uri') throw error
      const { reference } = incoming
      site.log.info({ reference, app: app.uid, ...loggedRefusal(error) }, 'authorization refused')
      return respondWithError(pushed?.request ?? returnAddress(params, proven), error, app, incoming, site)
    }
  },
}

/**
 * Returns where to send an error if the request could not be read completely. A request object is always refused, but its `response_mode` says
 * how the app wants to hear that.
 */
function returnAddress(params: Params, { app, redirectUri }: Proven): ReturnAddress {
  const state = unlessRefused(() => params.get('state'), undefined)
  const isUsable = state !== undefined && state.length <= MAX_STATE_LENGTH
  const responseMode = unlessRefused<ResponseMode>(() => {
    const response_mode = readResponseMode(params.get('response_mode') ?? findRequestObjectMode(params.get('request')))
    checkResponseMode({ sent: { response_mode, state: params.get('state') }, redirectUri, app })
    return response_mode
  }, 'query')
  return { redirectUri, state: isUsable ? state : null, responseMode }
}

function unlessRefused<T>(read: () => T, otherwise: T): T {
  try {
    return read()
  } catch {
    return otherwise
  }
}
