import { appActor } from '../../domain/audit/actor.ts'
import { asRepeated } from '../../domain/audit/new-event.ts'
import { endReplayed as endChain } from '../../domain/tokens/end-replayed.ts'
import { tokenDigest } from '../../kit/digest.ts'
import type { Site } from '../../site.ts'
import type { AccessToken } from '../../store/nouns/access-tokens.ts'
import type { App } from '../../store/nouns/apps.ts'
import type { Principal } from '../../store/nouns/chains.ts'
import type { Event } from '../../store/nouns/events.ts'
import type { IssuedRefreshToken } from '../../store/nouns/refresh-tokens.ts'
import { refuse } from '../errors/refusals.ts'
import { doesRotate, idleExpiresAt } from './new-refresh-token.ts'
import { newSuccessor, sameSuccessor } from './successor.ts'

/** The request that uses a refresh token. */
interface Request {
  app: App
  reference: string
}

/** One use of a refresh token. `token` is the refresh token to send. */
export interface RefreshUse {
  principal: Principal
  token: string
  /** Records the use. Returns false, and writes nothing, if the refresh token has changed since it was read. */
  mint(access: AccessToken, event: Event): Promise<boolean>
}

/** How often the same new refresh token is sent again. An app that repeats a lost request does not need more. */
const MAX_REPEATS = 100

/** Returns how the refresh token can be used now. Throws a refusal if it cannot, after ending the chain if it is a replay. */
export async function resolveRefresh(
  presented: string,
  found: IssuedRefreshToken,
  request: Request,
  site: Site,
): Promise<RefreshUse> {
  const { refreshTokens } = site.store
  const { app } = request
  const now = site.clock.now()
  if (found.rotatedAt !== null) return resolveRepeat(presented, found, request, site)
  const principal = await needPrincipal(found, Math.min(found.idleExpiresAt, found.expiresAt), site)
  const idle = idleExpiresAt(app, site.config, now, found.expiresAt)
  if (!doesRotate(app)) {
    const mint: RefreshUse['mint'] = (access, event) => refreshTokens.renew(found.digest, now, idle, access, event)
    return { principal, token: presented, mint }
  }
  const token = newSuccessor(presented, now, site.seal)
  const { chainUid, scopes, authTime, context, cnf, expiresAt } = found
  const approved = { chainUid, scopes, authTime, context, cnf: cnf ?? null, expiresAt }
  const row = { digest: tokenDigest(token), ...approved, createdAt: now, idleExpiresAt: idle }
  return { principal, token, mint: (access, event) => refreshTokens.rotate(found.digest, now, row, access, event) }
}

/** Handles a refresh token that was replaced before: a replay, or a repeated request of an app that did not receive the answer. */
async function resolveRepeat(
  presented: string,
  found: IssuedRefreshToken,
  request: Request,
  site: Site,
): Promise<RefreshUse> {
  const now = site.clock.now()
  const why = whyReplay(found, now, site.config.refreshRetryWindow)
  if (why !== undefined) return endReplayed(found, why, request, site)
  const { digest, endsAt, repeats } = found.successor!
  const principal = await needPrincipal(found, endsAt, site)
  const token = sameSuccessor(presented, digest, site.seal)
  // Not a replay in either case: it comes soon after the use, and an app that received the successor can use that.
  if (token === undefined || repeats >= MAX_REPEATS) {
    const cause = token === undefined ? 'made with another server secret' : `sent ${repeats} times again`
    refuse('refresh-token.used', {}, { cause })
  }
  const { refreshTokens } = site.store
  return {
    principal,
    token,
    mint: (access, event) => refreshTokens.repeat(digest, now, MAX_REPEATS, access, asRepeated(event)),
  }
}

type ReplayKey = `refresh-token.reused${'' | '-late' | '-after-successor'}`

/**
 * Returns the refusal of a used refresh token that comes again as a replay, or undefined if the app may not have received the answer. Only the one
 * that was replaced last may come again, and only for `window` seconds.
 */
function whyReplay(
  { rotatedAt, successor }: Pick<IssuedRefreshToken, 'rotatedAt' | 'successor'>,
  now: number,
  window: number,
): ReplayKey | undefined {
  if (window === 0) return 'refresh-token.reused'
  if (rotatedAt === null || now - rotatedAt >= window) return 'refresh-token.reused-late'
  if (successor?.isUsed !== false) return 'refresh-token.reused-after-successor'
  return undefined
}

/** Ends the chain of a replayed refresh token, because a third party may have a copy (RFC 9700 §4.14.2). */
async function endReplayed(
  token: IssuedRefreshToken,
  why: ReplayKey,
  { app, reference }: Request,
  site: Site,
): Promise<never> {
  const now = site.clock.now()
  const usedAgo = now - (token.rotatedAt ?? now)
  const replay = { why, usedSecondsAgo: usedAgo }
  if (await endChain({ ...token, replay }, appActor(app, reference), site)) {
    site.log.warn(
      { reference, app: app.uid, chain: token.chainUid, why, usedAgo },
      'a used refresh token was presented again; all tokens of its approval were ended',
    )
  }
  return refuse(why, { seconds: usedAgo, window: site.config.refreshRetryWindow })
}

/** The refusals of an ended chain, by the reason for its end. */
const ENDINGS = {
  refresh_token_replayed: 'refresh-token.ended-by-replay',
  code_replayed: 'refresh-token.ended-with-code',
  revoked: 'refresh-token.revoked',
} as const

/** Returns the principal of the token. Refuses if its chain, install, app or business has ended, or if it has expired. */
async function needPrincipal(found: IssuedRefreshToken, endsAt: number, { store, clock }: Site): Promise<Principal> {
  const { principal, chainUid, expiresAt } = found
  const now = clock.now()
  if (!principal) {
    const end = await store.chains.findEnd(chainUid)
    const key = end && ENDINGS[end.reason as keyof typeof ENDINGS]
    return key ? refuse(key, { seconds: now - end.at }) : refuse('refresh-token.disconnected')
  }
  if (endsAt <= now)
    refuse(endsAt < expiresAt ? 'refresh-token.unused' : 'refresh-token.expired', { seconds: now - endsAt })
  return principal
}
