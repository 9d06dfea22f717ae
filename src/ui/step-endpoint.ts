import type { Endpoint } from '../endpoint.ts'
import { seeOther } from '../http/reply.ts'
import { isToken } from '../kit/id.ts'
import { pageEndpoint } from './page-endpoint.ts'
import { pageUrls } from './page-urls.ts'

/**
 * GET at the address of a form that only takes posts: redirects to the current step of the request in `ticket`. A browser gets here when a
 * refused form is loaded again, such as with Enter in the address bar.
 */
export function stepEndpoint(path: string): Endpoint {
  return pageEndpoint('GET', path, (incoming) => {
    const ticket = incoming.query.get('ticket')
    return seeOther(ticket !== undefined && isToken(ticket) ? pageUrls.resume(ticket) : pageUrls.signIn())
  })
}
