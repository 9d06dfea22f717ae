import type { Endpoint } from '../../endpoint.ts'
import type { Incoming } from '../../http/incoming.ts'
import { noParams, Params } from '../../http/params.ts'
import { type Answer, json } from '../../http/reply.ts'
import { Refusal } from '../../kit/refusal.ts'
import type { Site } from '../../site.ts'
import type { App } from '../../store/nouns/apps.ts'
import { authenticateApp } from '../client/authenticate.ts'
import { oauthErrors } from '../errors/oauth-errors.ts'
import { clientCredentials } from '../grants/client-credentials.ts'
import { issue } from '../issue/issue.ts'

export const appTokenEndpoint: Endpoint = {
  path: '/oauth/service/token',
  methods: ['POST'],
  neverInUrl: ['service_id', 'service_secret', 'client_secret', 'client_assertion'],
  errors: oauthErrors,
  handle: appToken,
}

/**
 * The platform's own way to ask for what `client_credentials` gives (RFC 6749 §4.4), under its own names. The answer is understood by
 * both kinds of clients that there are. Each call makes a new token, because only digests of the earlier ones are stored.
 */
async function appToken(incoming: Incoming, site: Site): Promise<Answer> {
  const app = await authenticate(incoming, site)
  const permission = await clientCredentials.redeem(
    { app, form: noParams, proof: undefined, reference: incoming.reference },
    site,
  )
  const { access_token, expires_in, created_at } = await issue(permission, undefined, site)
  return json(200, {
    success: true,
    access_token,
    token_type: 'Bearer',
    expires_in,
    created_at: new Date(created_at * 1000).toISOString(),
    data: { token: access_token, expires_in },
  })
}

async function authenticate(incoming: Incoming, site: Site): Promise<App> {
  const given = await incoming.form()
  const credentials = new Params(
    new Map([
      ['client_id', [given.need('service_id')]],
      ['client_secret', [given.need('service_secret')]],
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
