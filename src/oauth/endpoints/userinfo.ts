import { holderClaims } from '../../domain/claims.ts'
import type { Incoming } from '../../http/incoming.ts'
import { openJsonText } from '../../http/reply.ts'
import type { Site } from '../../site.ts'
import { needLiveToken } from '../bearer.ts'

/**
 * OpenID Connect Core §5.3: who signed in and on behalf of which business, with the brand that the platform's apps show, and what the token
 * allows, so that an API which asks here can hold an app to it.
 */
export async function userinfo(incoming: Incoming, site: Site): Promise<Response> {
  const token = await needLiveToken(incoming, site)
  const claims = JSON.stringify({ ...holderClaims(token, token.scopes), scope: token.scopes.join(' ') })
  // The theme is stored as the JSON that is sent; parsing it only to print it again would cost a tenth of the answer.
  const brand = `"brand_host":${JSON.stringify(token.brandHost)},"brand_theme":${token.themeJson}`
  return openJsonText(200, `${claims.slice(0, -1)},${brand}}`)
}
