import { appActor } from '../../domain/audit/actor.ts'
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

/** One use of a refresh token: whose it is, the refresh token to send, and the write that does it. */
export interface RefreshUse {
  principal: Principal
  token: string
  /** False, with nothing written, when the token is no longer as it was found. */
  mint(access: AccessToken, event: Event): Promise<boolean>
}

/** How often one refresh token is sent again; an app that needs it more often is not repeating a lost request. */
const MAX_REPEATS = 100

/** What the refresh token allows at this moment. Throws the refusal otherwise; a replay ends the chain first. */
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

/** A replaced token comes again: either a replay, or an app that did not receive the answer and gets the same successor again. */
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
  // No alarm in either case: it is soon enough after the use, and an app that received the successor can use it.
  if (token === undefined || repeats >= MAX_REPEATS) {
    const cause = token === undefined ? 'the secret it was made with is not known here' : `given ${repeats} times again`
    refuse('refresh-token.used', {}, { cause })
  }
  const { refreshTokens } = site.store
  return {
    principal,
    token,
    mint: (access, event) =>
      refreshTokens.repeat(digest, now, MAX_REPEATS, access, { ...event, details: '{"repeated":true}' }),
  }
}

/**
 * Why a used refresh token that comes back is a replay; undefined when its sender may simply not have received the answer. Only the one
 * that was replaced last may come back, and only for so many seconds.
 */
function whyReplay(
  { rotatedAt, successor }: Pick<IssuedRefreshToken, 'rotatedAt' | 'successor'>,
  now: number,
  window: number,
): string | undefined {
  if (window === 0) return 'a used one never may come again here'
  if (rotatedAt === null || now - rotatedAt >= window) return `a used one may come again for ${window} seconds only`
  if (successor?.isUsed !== false) return 'the one that replaced it has been used as well'
  return undefined
}

/** A used refresh token came back (RFC 9700 §4.14.2): of app and thief one has a copy, so all that the approval gave is ended. */
async function endReplayed(
  token: IssuedRefreshToken,
  why: string,
  { app, reference }: Request,
  site: Site,
): Promise<never> {
  const now = site.clock.now()
  const usedAgo = now - (token.rotatedAt ?? now)
  const details = { why, used_seconds_ago: usedAgo }
  if (await endChain({ ...token, kind: 'refresh-token', details }, appActor(app, reference), site)) {
    site.log.warn(
      { reference, app: app.uid, chain: token.chainUid, why, usedAgo },
      'a used refresh token was presented again; everything of its approval was ended',
    )
  }
  return refuse('refresh-token.replayed', { seconds: usedAgo, why })
}

/** What ended all that came of an approval, for the developer of its app. */
const ENDINGS = {
  refresh_token_replayed: 'refresh-token.ended-by-replay',
  code_replayed: 'refresh-token.ended-with-code',
  revoked: 'refresh-token.revoked',
} as const

/** The app has proved itself, so it hears what ended its connection; the audit and the log have the rest. */
async function refuseEnded({ chainUid }: IssuedRefreshToken, { store, clock }: Site): Promise<never> {
  const end = await store.chains.findEnd(chainUid)
  const key = end && ENDINGS[end.reason as keyof typeof ENDINGS]
  return key ? refuse(key, { seconds: clock.now() - end.at }) : refuse('refresh-token.disconnected')
}

/** Whose the token is, if all that it hangs on is alive and its time is not over. */
async function needPrincipal(found: IssuedRefreshToken, endsAt: number, site: Site): Promise<Principal> {
  const { principal, expiresAt } = found
  const now = site.clock.now()
  if (!principal) return refuseEnded(found, site)
  if (endsAt <= now) {
    const why = endsAt < expiresAt ? 'because it was not used for too long' : 'which is as long as any may live'
    refuse('refresh-token.expired', { seconds: now - endsAt, why })
  }
  return principal
}
