import { isOwnOrigin } from '../../http/csrf.ts'
import type { Incoming } from '../../http/incoming.ts'
import { type Params, readParams } from '../../http/params.ts'
import { type Answer, seeOther } from '../../http/reply.ts'
import { Problem } from '../../kit/refusal.ts'
import type { Site } from '../../site.ts'

/** Characters of an address that browsers and proxies on the way surely take. */
const LONGEST = 8000
const FIELD = 'posted'
const PURPOSE = 'posted authorization request'

/**
 * Browsers keep our cookies back from what a page of another site posts, and send them when the next request is a GET (RFC 6265bis
 * §5.6.7.1). So the browser is sent to come again with one: otherwise the person would look signed out, and the new cookie that a request
 * without one gets would end whatever else waits in this browser. What was posted stays out of logs: it travels sealed. Undefined where
 * nothing was kept back; what no address can hold is refused, because any website could post it.
 */
export function comeAgain(params: Params, incoming: Incoming, { cookies, seal }: Site): Answer | undefined {
  if (incoming.method !== 'POST' || !isFromElsewhere(incoming)) return undefined
  if (cookies.read(incoming, 'session') || cookies.read(incoming, 'browser')) return undefined
  const posted = new URLSearchParams(params.pairs()).toString()
  const [clientId = ''] = params.all('client_id')
  const query = new URLSearchParams({ client_id: clientId, [FIELD]: seal.close(PURPOSE, posted) })
  const address = `/oauth/authorize?${query}`
  if (address.length <= LONGEST) return seeOther(address)
  throw new Problem(400, 'The request is too long to be posted by a page of another site. Push it, or send less.')
}

/** Whether another site has posted it. Browsers that do not speak of sites name the origin at least. */
function isFromElsewhere(incoming: Incoming): boolean {
  const from = incoming.header('sec-fetch-site')
  return from === undefined ? !isOwnOrigin(incoming) : from === 'cross-site'
}

/** What a browser comes again with; undefined for any other request, also for one that has a parameter of this name of its own. */
export function cameAgain(query: Params, { seal }: Site): Params | undefined {
  const [sealed, ...more] = query.all(FIELD)
  const asked = sealed === undefined || more.length > 0 ? undefined : seal.open(PURPOSE, sealed)
  return asked === undefined ? undefined : readParams(asked)
}
