import type { Incoming } from '../../http/incoming.ts'
import type { Params } from '../../http/params.ts'
import { seeOther } from '../../http/reply.ts'
import type { Site } from '../../site.ts'

/** Characters of an address that browsers and proxies on the way surely take. */
const LONGEST = 8000

/**
 * Browsers keep our cookies back from what a page of another site posts, and send them when the next request is a GET (RFC 6265bis
 * §5.6.7.1). So that request is made a link: otherwise the person would look signed out, and the new cookie that a request without one
 * gets would end whatever else waits in this browser. Undefined where nothing was kept back, or where it cannot be said in a link.
 */
export function comeAgain(params: Params, incoming: Incoming, { cookies }: Site): Response | undefined {
  if (incoming.method !== 'POST' || incoming.header('sec-fetch-site') !== 'cross-site') return undefined
  if (cookies.read(incoming, 'session') || cookies.read(incoming, 'browser')) return undefined
  const query = asQuery(params)
  return query !== undefined && query.length <= LONGEST ? seeOther(`/oauth/authorize?${query}`) : undefined
}

/** What was sent twice by mistake is refused as it came. */
function asQuery(params: Params): string | undefined {
  const query = new URLSearchParams()
  try {
    for (const name of params.names()) {
      const values = name === 'resource' ? params.all(name) : [params.get(name) ?? '']
      for (const value of values) query.append(name, value)
    }
    return query.toString()
  } catch {
    return undefined
  }
}
