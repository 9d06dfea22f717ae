import { visitorKey } from '../../http/address.ts'
import type { Incoming } from '../../http/incoming.ts'
import { Malformed } from '../../http/params.ts'
import { type Answer, json } from '../../http/reply.ts'
import type { Site } from '../../site.ts'
import type { App } from '../../store/nouns/apps.ts'
import { keepPushed, PUSHED_LIFETIME } from '../authorize/pushed.ts'
import { proveReturn, readRequest } from '../authorize/read.ts'
import { authenticateApp } from '../client/authenticate.ts'
import { refuse } from '../errors/error.ts'
import type { Fragment } from '../metadata/fragment.ts'

export const parMetadata: Fragment = ({ config }, at) => ({
  pushed_authorization_request_endpoint: at('/oauth/par'),
  require_pushed_authorization_requests: config.requirePar,
})

/** What must not stand in the URL, where logs would keep it. */
const OF_THE_BODY = [
  'client_id',
  'client_secret',
  'client_assertion',
  'redirect_uri',
  'scope',
  'state',
  'code_challenge',
]

/**
 * RFC 9126 §2. An app sends its authorization request from its own server, proved as at the token endpoint, and gets a name for it that the
 * browser carries. Everything is checked now, as the authorization endpoint would check it, so that the app hears of it and not a person.
 */
export async function par(incoming: Incoming, site: Site): Promise<Answer> {
  const misplaced = OF_THE_BODY.find((name) => incoming.query.has(name))
  if (misplaced) throw new Malformed(`The parameter ${misplaced} is in the URL; send it in the body.`, misplaced)
  const form = await incoming.form()
  const app = await authenticateApp(incoming, form, site)
  if (form.has('request_uri'))
    refuse('invalid_request', 'A pushed request names no request_uri; send the parameters themselves.', {
      field: 'request_uri',
    })
  await checkPace(app, incoming, site)
  const request = await readRequest(form, proveReturn(form, app), site)
  const name = await keepPushed(request, form.get('id_token_hint'), app, site)
  return json(201, { request_uri: name, expires_in: PUSHED_LIFETIME })
}

/** Whoever says the name of a public app is counted by address: the app itself must not suffer from what others do in its name. */
function checkPace(app: App, incoming: Incoming, { limits }: Site): Promise<void> {
  return app.public
    ? limits.check('authorization-requests', visitorKey(incoming.address))
    : limits.check('pushed-requests', app.uid)
}
