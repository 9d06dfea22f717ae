import type { Principal } from '../../store/nouns/chains.ts'
import { type Actor, checkReach } from '../audit/actor.ts'
import { newEvent } from '../audit/new-event.ts'
import type { Parts } from '../parts.ts'

/** A used code or refresh token that was presented again, and for a refresh token why that is a replay. */
interface Replayed {
  chainUid: string
  appUid: string
  principal: Principal | undefined
  replay?: { why: string; usedSecondsAgo: number }
}

/** Ends the chain of a code (RFC 6749 §4.1.2) or refresh token (RFC 9700 §4.14.2) that was used twice. Returns false when it had ended before. */
export async function endReplayed(
  { chainUid, appUid, principal, replay }: Replayed,
  by: Actor,
  { store, clock }: Pick<Parts, 'store' | 'clock'>,
): Promise<boolean> {
  checkReach(by, { directoryUid: null, appUid })
  const at = clock.now()
  const fields = { appUid, businessUid: principal?.businessUid ?? null, subject: chainUid }
  const event = replay
    ? newEvent('refresh-token.replayed', at, by, { ...fields, details: replay })
    : newEvent('code.replayed', at, by, fields)
  return store.chains.end(chainUid, at, replay ? 'refresh_token_replayed' : 'code_replayed', event)
}
