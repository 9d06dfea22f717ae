import type { Endpoint } from '../../endpoint.ts'
import type { Incoming } from '../../http/incoming.ts'
import { type Answer, sharedJson } from '../../http/reply.ts'
import type { Site } from '../../site.ts'
import { oauthErrors } from '../errors/oauth-errors.ts'

export const jwksEndpoint: Endpoint = {
  path: '/oauth/jwks',
  methods: ['GET'],
  readableBy: 'any-origin',
  metadata: (_, at) => ({ jwks_uri: at('/oauth/jwks') }),
  errors: oauthErrors,
  handle: jwks,
}

/** The keys that verify what we sign (RFC 7517 §5). Cached shortly: a new key is published an hour before it signs. */
async function jwks(_: Incoming, site: Site): Promise<Answer> {
  return sharedJson(await site.keys.published(), 300)
}
