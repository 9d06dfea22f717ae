import { tokenDigest } from '../../kit/digest.ts'
import type { Site } from '../../site.ts'
import type { AccessToken } from '../../store/nouns/access-tokens.ts'
import type { Holder } from '../../store/nouns/chains.ts'
import type { Event } from '../../store/nouns/events.ts'
import type { IssuedRefreshToken } from '../../store/nouns/refresh-tokens.ts'
import { refuse } from '../errors/error.ts'
import type { TokenRequest } from '../grants/grant.ts'
import { doesRotate, idleExpiresAt } from './refresh.ts'
import { endReplayed, whyReplay } from './refresh-replay.ts'
import { newSuccessor, sameSuccessor } from './refresh-successor.ts'

/** One use of a refresh token: whose it is, the refresh token that goes with the answer, and the write that does it. */
export interface RefreshUse {
  holder: Holder
  token: string
  /** False, with nothing written, when the token is no longer as it was found. */
  mint(access: AccessToken, event: Event): Promise<boolean>
}

/** How often one refresh token is given again; whoever needs it more often is not trying again. */
const MOST_REPEATS = 100
const BEGIN_AGAIN = 'Send the person through the authorization again.'

/** What the token is good for at this moment. Throws the refusal, and rings the alarm first where there is reason to. */
export async function settleUse(
  presented: string,
  found: IssuedRefreshToken,
  request: TokenRequest,
  site: Site,
): Promise<RefreshUse> {
  const { refreshTokens } = site.store
  const { app } = request
  const now = site.clock.now()
  if (found.rotatedAt !== null) return settleRepeat(presented, found, request, site)
  const holder = await needHolder(found, Math.min(found.idleExpiresAt, found.expiresAt), site)
  const idle = idleExpiresAt(app, site.config, now, found.expiresAt)
  if (!doesRotate(app)) {
    const mint: RefreshUse['mint'] = (access, event) => refreshTokens.renew(found.digest, now, idle, access, event)
    return { holder, token: presented, mint }
  }
  const token = newSuccessor(presented, now, site.seal)
  const { chainUid, scopes, authTime, facts, expiresAt } = found
  const agreed = { chainUid, scopes, authTime, facts, expiresAt }
  const row = { digest: tokenDigest(token), ...agreed, createdAt: now, idleExpiresAt: idle }
  return { holder, token, mint: (access, event) => refreshTokens.rotate(found.digest, now, row, access, event) }
}

/** A replaced token comes again: a replay, or soon enough the same successor once more for whoever did not receive it. */
async function settleRepeat(
  presented: string,
  found: IssuedRefreshToken,
  request: TokenRequest,
  site: Site,
): Promise<RefreshUse> {
  const now = site.clock.now()
  const why = whyReplay(found, now, site.config.refreshRetryWindow)
  if (why !== undefined) return endReplayed(found, why, request, site)
  const { digest, endsAt, repeats } = found.successor!
  const holder = await needHolder(found, endsAt, site)
  const token = sameSuccessor(presented, digest, site.seal)
  // No alarm in either case: it is soon enough after the use, and the successor is there for whoever received it.
  if (token === undefined || repeats >= MOST_REPEATS) {
    const cause = token === undefined ? 'the secret it was made with is not known here' : `given ${repeats} times again`
    const sentence = 'The refresh_token was used before. Use the one that you received in its place.'
    refuse('invalid_grant', sentence, { check: 'refresh-token-used', cause })
  }
  const { refreshTokens } = site.store
  return {
    holder,
    token,
    mint: (access, event) =>
      refreshTokens.repeat(digest, now, MOST_REPEATS, access, { ...event, details: '{"repeated":true}' }),
  }
}

/** Why all that came of an approval was ended by itself, for the developer of its app. */
const ENDINGS: Readonly<Record<string, string>> = {
  refresh_token_replayed:
    'a used refresh_token of the same approval was presented again, which only somebody with an old copy would do',
  code_replayed: 'its code was presented a second time',
  revoked: 'it was revoked',
}

/** The app has proved itself, so it hears what ended its connection; the audit and the log have the rest. */
async function refuseEnded({ chainUid }: IssuedRefreshToken, { store, clock }: Site): Promise<never> {
  const end = await store.chains.findEnd(chainUid)
  const why = end && ENDINGS[end.reason]
  const sentence = why
    ? `All that came of this approval was ended ${clock.now() - end.at} seconds ago, because ${why}.`
    : 'What this refresh_token was given for has ended: the business disconnected the app, or the person left it.'
  const check = end?.reason === 'refresh_token_replayed' ? 'refresh-token-replayed' : 'refresh-token-ended'
  return refuse('invalid_grant', `${sentence} ${BEGIN_AGAIN}`, { check })
}

/** Whose the token is, if all that it hangs on is alive and its time is not over. */
async function needHolder(found: IssuedRefreshToken, endsAt: number, site: Site): Promise<Holder> {
  const { holder, expiresAt } = found
  const now = site.clock.now()
  if (!holder) return refuseEnded(found, site)
  if (endsAt <= now) {
    const why = endsAt < expiresAt ? 'because it was not used for too long' : 'which is as long as any may live'
    const sentence = `The refresh_token expired ${now - endsAt} seconds ago, ${why}. ${BEGIN_AGAIN}`
    refuse('invalid_grant', sentence, { check: 'refresh-token-expired' })
  }
  return holder
}
