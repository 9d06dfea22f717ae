import type { Endpoint } from '../../endpoint.ts'
import { visitorKey } from '../../http/address.ts'
import type { Incoming } from '../../http/incoming.ts'
import { type Answer, json } from '../../http/reply.ts'
import type { Site } from '../../site.ts'
import type { App } from '../../store/nouns/apps.ts'
import { PUSHED_LIFETIME, storePushed } from '../authorize/pushed-request.ts'
import { proveRedirectUri, readRequest } from '../authorize/read-request.ts'
import { authenticateApp } from '../client/authenticate.ts'
import { oauthErrors } from '../errors/oauth-errors.ts'
import { refuse } from '../errors/refusals.ts'

export const parEndpoint: Endpoint = {
  path: '/oauth/par',
  methods: ['POST'],
  neverInUrl: ['client_id', 'client_secret', 'client_assertion', 'redirect_uri', 'scope', 'state', 'code_challenge'],
  metadata: ({ config }, at) => ({
    pushed_authorization_request_endpoint: at('/oauth/par'),
    require_pushed_authorization_requests: config.requirePar,
  }),
  errors: oauthErrors,
  handle: par,
}

/**
 * Pushed authorization request endpoint (RFC 9126 §2). An app authenticates as at the token endpoint, sends its authorization request from
 * its own server, and gets a request_uri for the browser. All checks run now, so that an error goes to the app and not to a person.
 */
async function par(incoming: Incoming, site: Site): Promise<Answer> {
  const form = await incoming.form()
  const app = await authenticateApp(incoming, form, site)
  if (form.has('request_uri')) refuse('pushed-request.names-another')
  await checkPace(app, incoming, site)
  const { request, hint } = await readRequest(form, 'par', proveRedirectUri(form, app), site)
  const name = await storePushed(request, hint, app, site)
  return json(201, { request_uri: name, expires_in: PUSHED_LIFETIME })
}

/** Anyone can use the client_id of a public app, so its requests are counted by address and not by app. */
function checkPace(app: App, incoming: Incoming, { limits }: Site): Promise<void> {
  return app.public
    ? limits.check('authorization-requests', visitorKey(incoming.address))
    : limits.check('pushed-requests', app.uid)
}
