import type { Incoming } from '../../http/incoming.ts'
import { type Answer, sharedJson } from '../../http/reply.ts'
import type { Site } from '../../site.ts'
import { FRAGMENTS } from '../metadata/fragments.ts'

/** RFC 8414 §3 and OpenID Connect Discovery §4: what this server can do, as each of its parts tells it. */
export function metadata(_: Incoming, site: Site): Answer {
  const { issuer } = site.config
  const at = (path: string) => `${issuer}${path}`
  return sharedJson(Object.assign({ issuer }, ...FRAGMENTS.map((tell) => tell(site, at))), 300)
}
