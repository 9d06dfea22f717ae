import type { Endpoint } from '../../endpoint.ts'
import type { Incoming } from '../../http/incoming.ts'
import { noParams, Params } from '../../http/params.ts'
import { json } from '../../http/reply.ts'
import { Refusal } from '../../kit/refusal.ts'
import type { Site } from '../../site.ts'
import type { App } from '../../store/nouns/apps.ts'
import { authenticateApp } from '../client/authenticate.ts'
import { oauthErrors } from '../errors/oauth-errors.ts'
import { clientCredentials } from '../grants/client-credentials.ts'
import { issue } from '../issue/issue.ts'

/**
 * Our own form of the client credentials grant (RFC 6749 §4.4): the credentials are `service_id` and `service_secret`. The answer has the
 * members of RFC 6749 §5.1 and our own.
 */
export const appTokenEndpoint: Endpoint = {
  path: '/oauth/service/token',
  methods: ['POST'],
  neverInUrl: ['service_id', 'service_secret', 'client_secret', 'client_assertion'],
  errors: oauthErrors,
  async handle(incoming, site) {
    const app = await authenticate(incoming, site)
    const request = { app, form: noParams, proof: undefined, reference: incoming.reference }
    const permission = await clientCredentials.redeem(request, site)
    const { access_token, expires_in, created_at = site.clock.now() } = await issue(permission, undefined, site)
    return json(200, {
      success: true,
      access_token,
      token_type: 'Bearer',
      expires_in,
      created_at: new Date(created_at * 1000).toISOString(),
      data: { token: access_token, expires_in },
    })
  },
}

async function authenticate(incoming: Incoming, site: Site): Promise<App> {
  const form = await incoming.form()
  const credentials = new Params(
    new Map([
      ['client_id', [form.need('service_id')]],
      ['client_secret', [form.need('service_secret')]],
    ]),
  )
  try {
    return await authenticateApp(incoming, credentials, site)
  } catch (error) {
    if (!(error instanceof Refusal) || error.code !== 'invalid_client') throw error
    const ours = (text: string) =>
      text.replaceAll('client_id', 'service_id').replaceAll('client_secret', 'service_secret')
    throw error.with({ says: ours(error.message), ...(error.fix && { fix: ours(error.fix) }) })
  }
}
