import type { Incoming } from '../../http/incoming.ts'
import { type Answer, sharedJson } from '../../http/reply.ts'
import type { Site } from '../../site.ts'
import type { Fragment } from '../metadata/fragment.ts'

export const jwksMetadata: Fragment = (_, at) => ({ jwks_uri: at('/oauth/jwks') })

/** The keys that verify what we sign (RFC 7517 §5). Cached shortly: a new key is published an hour before it signs. */
export async function jwks(_: Incoming, site: Site): Promise<Answer> {
  return sharedJson(await site.keys.published(), 300)
}
