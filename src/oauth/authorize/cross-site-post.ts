import { isOwnOrigin } from '../../http/csrf.ts'
import type { Incoming } from '../../http/incoming.ts'
import { type Params, readParams } from '../../http/params.ts'
import { type Answer, seeOther } from '../../http/reply.ts'
import type { Site } from '../../site.ts'
import { pageUrls } from '../../ui/page-urls.ts'
import { refuse } from '../errors/refusals.ts'

/** In characters. Every browser and proxy accepts URLs of this length. */
const MAX_URL_LENGTH = 8000
/** The parameter with what was posted, sealed. */
export const BOUNCED = 'posted'
const PURPOSE = 'posted authorization request'

/**
 * Redirects a request that a page of another site posted to the same request as a GET. Browsers send our cookies with the GET but not with
 * such a POST (RFC 6265bis §5.6.7.1): without the redirect, the person would seem signed out, and a new browser cookie would end other
 * waiting requests. The parameters are sealed, to stay out of logs. Returns undefined if the browser sent cookies. Refuses a request that
 * is too long for a URL.
 */
export function bounceCrossSitePost(params: Params, incoming: Incoming, { cookies, seal }: Site): Answer | undefined {
  if (!isCrossSite(incoming)) return undefined
  if (cookies.read(incoming, 'session') || cookies.read(incoming, 'browser')) return undefined
  const posted = new URLSearchParams(params.pairs()).toString()
  const [clientId = ''] = params.all('client_id')
  const query = new URLSearchParams({ client_id: clientId, [BOUNCED]: seal.close(PURPOSE, posted) })
  const address = pageUrls.authorize(`${query}`)
  if (address.length <= MAX_URL_LENGTH) return seeOther(address)
  return refuse('request.too-long-to-post')
}

/** Browsers without Sec-Fetch-Site send at least an Origin. */
function isCrossSite(incoming: Incoming): boolean {
  const from = incoming.header('sec-fetch-site')
  return from === undefined ? !isOwnOrigin(incoming) : from === 'cross-site'
}

/** Returns the parameters of a bounced POST, or the query of any other request. */
export function readBouncedPost(query: Params, { seal }: Site): Params {
  const [sealed, ...more] = query.all(BOUNCED)
  const posted = sealed === undefined || more.length > 0 ? undefined : seal.open(PURPOSE, sealed)
  return posted === undefined ? query : readParams(posted)
}
