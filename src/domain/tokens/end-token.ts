import { tokenDigest } from '../../kit/digest.ts'
import type { App } from '../../store/nouns/apps.ts'
import type { Principal } from '../../store/nouns/chains.ts'
import { type Actor, mayReach } from '../audit/actor.ts'
import { newEvent } from '../audit/new-event.ts'
import type { Parts } from '../parts.ts'

type Needed = Pick<Parts, 'store' | 'clock'>

export interface EndedToken {
  kind: 'access_token' | 'refresh_token'
  appUid: string
  /** Undefined for an app's own token. */
  principal: Principal | undefined
  endedAt: number
}

/**
 * Ends a presented token (RFC 7009 §2): an access token, or for a refresh token, used or not, all tokens of its approval. Undefined when there is
 * no such live token, or the actor is not its app and may not reach it.
 */
export async function endToken(presented: string, by: Actor, parts: Needed): Promise<EndedToken | undefined> {
  const digest = tokenDigest(presented)
  return (await endRefreshToken(digest, by, parts)) ?? endAccessToken(digest, by, parts)
}

async function endRefreshToken(digest: string, by: Actor, parts: Needed): Promise<EndedToken | undefined> {
  const found = await parts.store.refreshTokens.find(digest)
  if (!found?.principal) return undefined
  const { chainUid, appUid, principal } = found
  const { directoryUid, businessUid } = principal
  if (!mayReach(by, { directoryUid, appUid })) return undefined
  const [kind, endedAt] = ['refresh_token', parts.clock.now()] as const
  const fields = { directoryUid, businessUid, appUid, subject: chainUid, details: { kind } }
  const event = newEvent('token.ended', endedAt, by, fields)
  const isEnded = await parts.store.chains.end(chainUid, endedAt, 'revoked', event)
  return isEnded ? { kind, appUid, principal, endedAt } : undefined
}

async function endAccessToken(digest: string, by: Actor, { store, clock }: Needed): Promise<EndedToken | undefined> {
  const [kind, endedAt] = ['access_token', clock.now()] as const
  const found = await store.accessTokens.findLive(digest, endedAt)
  if (!found) return undefined
  const { appUid, appDirectoryUid, principal } = found.chain
  const directoryUid = principal ? principal.directoryUid : appDirectoryUid
  if (!mayReach(by, { directoryUid, appUid })) return undefined
  const businessUid = principal?.businessUid ?? null
  const fields = { directoryUid, businessUid, appUid, subject: found.chainUid, details: { kind } }
  const isEnded = await store.accessTokens.end(digest, endedAt, newEvent('token.ended', endedAt, by, fields))
  return isEnded ? { kind, appUid, principal, endedAt } : undefined
}

/**
 * Ends every token that an app got for itself (RFC 6749 §4.4), and returns the time. The app may get new ones at once. Undefined when it has none, or
 * the actor may not reach it.
 */
export async function endOwnTokens(app: App, by: Actor, { store, clock }: Needed): Promise<number | undefined> {
  const { uid: appUid, directoryUid } = app
  if (!mayReach(by, { directoryUid, appUid })) return undefined
  const endedAt = clock.now()
  const event = newEvent('token.ended', endedAt, by, { directoryUid, appUid, details: { kind: 'client_credentials' } })
  return (await store.chains.endOfApp(appUid, endedAt, 'revoked', event)) ? endedAt : undefined
}
