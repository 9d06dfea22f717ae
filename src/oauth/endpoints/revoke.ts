import { appActor } from '../../domain/audit/actor.ts'
import { endToken } from '../../domain/tokens/end-token.ts'
import type { Endpoint } from '../../endpoint.ts'
import type { Incoming } from '../../http/incoming.ts'
import { type Answer, json } from '../../http/reply.ts'
import type { Site } from '../../site.ts'
import { authenticateApp } from '../client/authenticate.ts'
import { authenticationMetadata } from '../client/methods.ts'
import { oauthErrors } from '../errors/oauth-errors.ts'

export const revokeEndpoint: Endpoint = {
  path: '/oauth/revoke',
  methods: ['POST'],
  readableBy: 'any-origin',
  neverInUrl: ['token', 'token_type_hint', 'client_id', 'client_secret', 'client_assertion'],
  metadata: (_, at) => ({
    revocation_endpoint: at('/oauth/revoke'),
    ...authenticationMetadata('revocation'),
  }),
  errors: oauthErrors,
  handle: revoke,
}

/**
 * RFC 7009 §2. An app revokes a token of its own. A token that is unknown or another app's gets the same answer and stays as it is, so that
 * the answer tells nothing. Only a database that does not answer is an error, because then nothing is revoked.
 */
async function revoke(incoming: Incoming, site: Site): Promise<Answer> {
  const form = await incoming.form()
  const app = await authenticateApp(incoming, form, site)
  const token = form.need('token')
  // Read although it decides nothing, because a hint that is sent twice is an error. It is often wrong (RFC 7009 §2.1).
  form.get('token_type_hint')
  await endToken(token, appActor(app, incoming.reference), site)
  return json(200, {})
}
