import type { Endpoint } from '../../endpoint.ts'
import { sharedJson } from '../../http/reply.ts'
import { oauthErrors } from '../errors/oauth-errors.ts'

/**
 * The public keys that verify our signatures (RFC 7517 §5). Caches may keep them for 300 seconds: a new key is published an hour before its
 * first use.
 */
export const jwksEndpoint: Endpoint = {
  path: '/oauth/jwks',
  methods: ['GET'],
  readableBy: 'any-origin',
  metadata: (_, url) => ({ jwks_uri: url }),
  errors: oauthErrors,
  handle: async (_, site) => sharedJson(await site.keys.published()),
}
