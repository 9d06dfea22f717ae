import type { Principal } from '../../store/nouns/chains.ts'
import { type Actor, checkReach } from '../audit/actor.ts'
import { type EventFields, newEvent } from '../audit/events.ts'
import type { Parts } from '../parts.ts'

/** A used code or refresh token that was presented again. */
interface Replayed {
  kind: 'code' | 'refresh-token'
  chainUid: string
  appUid: string
  principal: Principal | undefined
  details?: EventFields['details']
}

/** Ends the chain of a code (RFC 6749 §4.1.2) or refresh token (RFC 9700 §4.14.2) that was used twice. Returns false when it had ended before. */
export async function endReplayed(
  { kind, chainUid, appUid, principal, details }: Replayed,
  by: Actor,
  { store, clock }: Pick<Parts, 'store' | 'clock'>,
): Promise<boolean> {
  checkReach(by, { directoryUid: null, appUid })
  const at = clock.now()
  const fields = { appUid, businessUid: principal?.businessUid ?? null, subject: chainUid, ...(details && { details }) }
  const reason = kind === 'code' ? 'code_replayed' : 'refresh_token_replayed'
  return store.chains.end(chainUid, at, reason, newEvent(`${kind}.replayed`, at, by, fields))
}
