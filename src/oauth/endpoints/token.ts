import type { Endpoint } from '../../endpoint.ts'
import { json } from '../../http/reply.ts'
import { authenticateApp } from '../client/authenticate.ts'
import { authenticationMetadata } from '../client/methods.ts'
import { oauthErrors } from '../errors/oauth-errors.ts'
import { GRANT_TYPES, grantFor } from '../grants/grant.ts'
import { issue } from '../issue/issue.ts'

const PARAMETERS = ['grant_type', 'code', 'refresh_token', 'redirect_uri', 'code_verifier']
const CREDENTIALS = ['client_id', 'client_secret', 'client_assertion']

/**
 * Token endpoint (RFC 6749 §3.2). Authenticates the app, lets the grant check the request, and issues tokens in one way for every grant.
 */
export const tokenEndpoint: Endpoint = {
  path: '/oauth/token',
  methods: ['POST'],
  readableBy: 'any-origin',
  // Operators can allow old clients that send everything in the URL.
  neverInUrl: ({ config }) => (config.tokenInQuery ? [] : [...PARAMETERS, ...CREDENTIALS]),
  metadata: (_, url) => ({
    token_endpoint: url,
    grant_types_supported: GRANT_TYPES,
    ...authenticationMetadata('token'),
  }),
  errors: oauthErrors,
  async handle(incoming, site) {
    const body = await incoming.form()
    const form = site.config.tokenInQuery ? incoming.query.and(body) : body
    const app = await authenticateApp(incoming, form, site)
    // Proofs of a key (DPoP, mutual TLS) are not supported yet, so every token is a bearer token.
    const proof = undefined
    const grant = grantFor(form.need('grant_type'))
    const permission = await grant.redeem({ app, form, proof, reference: incoming.reference }, site)
    return json(200, await issue(permission, proof, site))
  },
}
