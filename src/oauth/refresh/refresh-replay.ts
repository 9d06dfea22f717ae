import { newEvent } from '../../domain/audit/events.ts'
import type { Site } from '../../site.ts'
import type { IssuedRefreshToken } from '../../store/nouns/refresh-tokens.ts'
import { refuse } from '../errors/error.ts'
import type { TokenRequest } from '../grants/grant.ts'

/**
 * Why a used refresh token that comes back is a replay; undefined when its sender may simply not have received the answer. Only the one
 * that was replaced last may come back, and only for so many seconds.
 */
export function whyReplay(
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
export async function endReplayed(
  token: IssuedRefreshToken,
  why: string,
  { app, incoming }: TokenRequest,
  { store, clock, log }: Site,
): Promise<never> {
  const { reference } = incoming
  const now = clock.now()
  const usedAgo = now - (token.rotatedAt ?? now)
  const event = newEvent('refresh-token.replayed', now, {
    actor: `app:${app.uid}`,
    appUid: app.uid,
    businessUid: token.holder?.businessUid ?? null,
    subject: token.chainUid,
    reference,
    details: { why, used_seconds_ago: usedAgo },
  })
  if (await store.chains.end(token.chainUid, now, 'refresh_token_replayed', event)) {
    log.warn(
      { reference, app: app.uid, chain: token.chainUid, why, usedAgo },
      'a used refresh token was presented again; everything of its approval was ended',
    )
  }
  return refuse(
    'invalid_grant',
    `The refresh_token was used ${usedAgo} seconds ago and replaced, and ${why}. Somebody may have a copy, so everything that came of this approval has been ended. Keep the refresh_token of each answer in place of the one before, and send the person through the authorization again.`,
    { check: 'refresh-token-replayed' },
  )
}
