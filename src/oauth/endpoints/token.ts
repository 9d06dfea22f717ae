import type { Incoming } from '../../http/incoming.ts'
import type { Params } from '../../http/params.ts'
import { refusal as httpRefusal } from '../../http/refusals.ts'
import { type Answer, openJson } from '../../http/reply.ts'
import type { Site } from '../../site.ts'
import { authenticateApp } from '../client/authenticate.ts'
import { authenticationMetadata } from '../client/methods.ts'
import { GRANT_TYPES, grantFor } from '../grants/grant.ts'
import { issue } from '../issue/issue.ts'
import type { Fragment } from '../metadata/fragment.ts'

export const tokenMetadata: Fragment = (_, at) => ({
  token_endpoint: at('/oauth/token'),
  grant_types_supported: GRANT_TYPES,
  ...authenticationMetadata('token'),
})

/** RFC 6749 §3.2. Who asks, with what proof, by which grant; then the same issuing for all. */
export async function token(incoming: Incoming, site: Site): Promise<Answer> {
  const form = await readForm(incoming, site)
  const app = await authenticateApp(incoming, form, site)
  const grant = grantFor(form.need('grant_type'))
  // Bearer tokens only, so far: no proof of a key is read.
  const proof = undefined
  const permission = await grant.redeem({ app, form, proof, reference: incoming.reference }, site)
  return openJson(200, await issue(permission, proof, site))
}

/** The parameters come in the body. In the URL they would end up in logs, so that is refused unless the operator carries old clients. */
async function readForm(incoming: Incoming, site: Site): Promise<Params> {
  const form = await incoming.form()
  const { query } = incoming
  if (query.isEmpty) return form
  if (site.config.tokenInQuery) return query.and(form)
  const ours = ['grant_type', 'code', 'refresh_token', 'client_id', 'client_secret', 'redirect_uri', 'code_verifier']
  const misplaced = ours.find((name) => query.has(name))
  if (misplaced) throw httpRefusal('parameter.in-url', { parameter: misplaced })
  return form
}
