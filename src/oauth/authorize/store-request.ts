import type { AuthorizationRequest } from '../../domain/requests/authorization-request.ts'
import { visitorKey } from '../../http/address.ts'
import type { Incoming } from '../../http/incoming.ts'
import { digest, tokenDigest } from '../../kit/digest.ts'
import { newToken } from '../../kit/id.ts'
import type { Site } from '../../site.ts'
import type { App } from '../../store/nouns/apps.ts'
import { refuse } from '../errors/refusals.ts'

/** The limit for one waiting request. A rate limit for each address bounds their number. */
const MAX_BYTES = 12_288

/**
 * Stores a request until a person has answered it. Returns an unguessable ticket, which is valid only with the cookie of this browser, and
 * the cookies to set.
 */
export async function storeRequest(
  request: AuthorizationRequest,
  app: App,
  incoming: Incoming,
  site: Site,
): Promise<{ ticket: string; cookies: readonly string[] }> {
  const text = JSON.stringify(request)
  if (Buffer.byteLength(text) > MAX_BYTES) refuse('request.too-long', { most: MAX_BYTES })
  site.limits.check('authorization-requests', visitorKey(incoming.address))
  const now = site.clock.now()
  const ticket = newToken(now)
  const known = site.cookies.read(incoming, 'browser')
  const browser = known ?? newToken(now)
  await site.store.requests.add({
    digest: tokenDigest(ticket),
    browser: digest(browser),
    appUid: app.uid,
    request: text,
    sessionUid: null,
    businessUid: null,
    createdAt: now,
    expiresAt: now + site.config.requestLifetime,
    answeredAt: null,
  })
  return { ticket, cookies: known ? [] : [site.cookies.write('browser', browser)] }
}
