import { appActor } from '../../domain/audit/actor.ts'
import { endToken } from '../../domain/tokens/end-token.ts'
import type { Endpoint } from '../../endpoint.ts'
import { json } from '../../http/reply.ts'
import { authenticateApp } from '../client/authenticate.ts'
import { authenticationMetadata } from '../client/methods.ts'
import { oauthErrors } from '../errors/oauth-errors.ts'

/**
 * Revocation endpoint (RFC 7009 §2). An app revokes one of its own tokens. An unknown token and one of another app get the same answer and
 * do not change, so that the answer reveals nothing.
 */
export const revokeEndpoint: Endpoint = {
  path: '/oauth/revoke',
  methods: ['POST'],
  readableBy: 'any-origin',
  neverInUrl: ['token', 'token_type_hint', 'client_id', 'client_secret', 'client_assertion'],
  metadata: (_, url) => ({ revocation_endpoint: url, ...authenticationMetadata('revocation') }),
  errors: oauthErrors,
  async handle(incoming, site) {
    const form = await incoming.form()
    const app = await authenticateApp(incoming, form, site)
    const token = form.need('token')
    // The hint is often wrong, so it is read only to refuse it if it was sent twice (RFC 7009 §2.1).
    form.get('token_type_hint')
    await endToken(token, appActor(app, incoming.reference), site)
    return json(200, {})
  },
}
