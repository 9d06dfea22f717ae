import { appActor } from '../../domain/audit/actor.ts'
import { endToken } from '../../domain/tokens/end-token.ts'
import type { Incoming } from '../../http/incoming.ts'
import { refusal as httpRefusal } from '../../http/refusals.ts'
import { type Answer, openJson } from '../../http/reply.ts'
import type { Site } from '../../site.ts'
import { authenticateApp } from '../client/authenticate.ts'
import { authenticationMetadata } from '../client/methods.ts'
import type { Fragment } from '../metadata/fragment.ts'

export const revokeMetadata: Fragment = (_, at) => ({
  revocation_endpoint: at('/oauth/revoke'),
  ...authenticationMetadata('revocation'),
})

/**
 * RFC 7009 §2. An app revokes a token of its own. A token that is unknown or another app's gets the same answer and stays as it is, so that
 * the answer tells nothing. Only a database that does not answer is an error, because then nothing is revoked.
 */
export async function revoke(incoming: Incoming, site: Site): Promise<Answer> {
  const form = await incoming.form()
  checkPlace(incoming)
  const app = await authenticateApp(incoming, form, site)
  const token = form.need('token')
  // Read although it decides nothing, because a hint that is sent twice is an error. It is often wrong (RFC 7009 §2.1).
  form.get('token_type_hint')
  await endToken(token, appActor(app, incoming.reference), site)
  return openJson(200, {})
}

function checkPlace({ query }: Incoming): void {
  const misplaced = ['token', 'token_type_hint', 'client_id'].find((name) => query.has(name))
  if (misplaced === undefined) return
  throw httpRefusal('parameter.in-url', { parameter: misplaced })
}
