import { bearerToken } from '../../http/bearer.ts'
import type { Incoming } from '../../http/incoming.ts'
import { tokenDigest } from '../../kit/digest.ts'
import { Refusal } from '../../kit/refusal.ts'
import type { Site } from '../../site.ts'
import type { LiveToken } from '../../store/nouns/access-tokens.ts'
import type { Principal } from '../../store/nouns/chains.ts'
import { codeOf, describable } from '../errors/error-code.ts'
import { refusal, refuse } from '../errors/refusals.ts'

/** An access token that a person has approved. */
export type PersonsToken = LiveToken & { chain: { principal: Principal } }

const isPersons = (token: LiveToken): token is PersonsToken => token.chain.principal !== undefined

/**
 * Returns the live access token of a request. The token is in the Authorization header, or in the body of a posted form (RFC 6750 §2.1,
 * §2.2); never in the URL, and never in two places.
 */
export async function needLiveToken(incoming: Incoming, site: Site): Promise<PersonsToken> {
  const presented = await readToken(incoming)
  if (presented === undefined)
    refuse('access-token.missing', {}, { headers: { 'www-authenticate': 'Bearer realm="Behalf"' } })
  const digest = tokenDigest(presented)
  const token = await site.store.accessTokens.findLive(digest, site.clock.now())
  if (!token) return challenge(refusal('access-token.unknown'))
  if (!isPersons(token)) return challenge(refusal('access-token.of-an-app'))
  if (token.cnf !== null) return challenge(refusal('access-token.key-bound'))
  site.lastUsed.record(digest)
  // With openid, a token for another resource (RFC 8707) still gives the person's claims here, and nothing else.
  if (token.audience === null || scopesHere(token, site).includes('openid')) return token
  return challenge(refusal('access-token.for-another-resource'))
}

/**
 * Returns the scopes that a token has at this server. They are limited to those that the app is still registered for, and to those about
 * the person if the token is for another resource. So an API that asks us about a token does not accept one for another API (RFC 9068 §4).
 */
export function scopesHere(token: LiveToken, site: Site): readonly string[] {
  const { appOrigin: origin, appScopes: scopes, protocol } = token.chain
  const left = site.scopes.stillAllowed({ origin, scopes, protocol }, token.scopes)
  return token.audience === null ? left : left.filter(site.scopes.isOfPerson)
}

async function readToken(incoming: Incoming): Promise<string | undefined> {
  try {
    if (incoming.query.has('access_token')) refuse('access-token.in-url')
    const inHeader = bearerToken(incoming)
    if (incoming.method !== 'POST') return inHeader
    const isForm = incoming.header('content-type')?.toLowerCase().startsWith('application/x-www-form-urlencoded')
    const inBody = isForm ? (await incoming.form()).get('access_token') : undefined
    if (inHeader !== undefined && inBody !== undefined) refuse('access-token.twice')
    return inHeader ?? inBody
  } catch (error) {
    // A malformed request gets a challenge too.
    if (error instanceof Refusal && error.status <= 401) return challenge(error)
    throw error
  }
}

/** Throws the refusal with its code and message in the WWW-Authenticate header too (RFC 6750 §3). */
function challenge(refused: Refusal): never {
  const code = codeOf(refused)
  const header = `Bearer realm="Behalf", error="${code}", error_description="${describable(refused.message)}"`
  throw refused.with({ code, headers: { 'www-authenticate': header } })
}
