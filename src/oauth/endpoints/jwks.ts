import type { Incoming } from '../../http/incoming.ts'
import { openJson } from '../../http/reply.ts'
import type { Site } from '../../site.ts'

/** The keys that verify what we sign (RFC 7517 §5). Cached shortly: a new key is published an hour before it signs. */
export async function jwks(_: Incoming, site: Site): Promise<Response> {
  return openJson(200, await site.keys.published(), { 'cache-control': 'public, max-age=300', pragma: '' })
}
