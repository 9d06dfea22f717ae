import type { Endpoint } from '../../endpoint.ts'
import { visitorKey } from '../../http/address.ts'
import { json } from '../../http/reply.ts'
import { PARAMETER_NAMES } from '../authorize/parameters.ts'
import { PUSHED_LIFETIME_SECONDS, storePushedRequest } from '../authorize/pushed-request.ts'
import { proveRedirectUri, readRequest } from '../authorize/read-request.ts'
import { authenticateApp } from '../client/authenticate.ts'
import { oauthErrors } from '../errors/oauth-errors.ts'
import { refuse } from '../errors/refusals.ts'

/**
 * Pushed authorization request endpoint (RFC 9126 §2). An app authenticates as at the token endpoint, sends its authorization request from
 * its server or page, and gets a request_uri for the browser. All checks run now, so that an error goes to the app and not to a person.
 */
export const parEndpoint: Endpoint = {
  path: '/oauth/par',
  methods: ['POST'],
  // An app in a browser can push its requests too, also where pushing is required.
  readableBy: 'any-origin',
  neverInUrl: ['client_id', 'client_secret', 'client_assertion', ...PARAMETER_NAMES],
  metadata: ({ config }, url) => ({
    pushed_authorization_request_endpoint: url,
    require_pushed_authorization_requests: config.requirePar,
  }),
  errors: oauthErrors,
  async handle(incoming, site) {
    const form = await incoming.form()
    const app = await authenticateApp(incoming, form, site)
    if (form.has('request_uri')) refuse('pushed-request.names-another')
    // Anyone can use the client_id of a public app, so its requests count for the address and not for the app.
    if (app.public) site.limits.check('authorization-requests', visitorKey(incoming.address))
    else site.limits.check('pushed-requests', app.uid)
    const { request, hint } = await readRequest(form, 'par', proveRedirectUri(form, app, site), site)
    const name = await storePushedRequest(request, hint, app, site)
    return json(201, { request_uri: name, expires_in: PUSHED_LIFETIME_SECONDS })
  },
}
