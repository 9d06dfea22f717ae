import type { IssuedCode } from '../../store/nouns/codes.ts'
import { type Actor, checkReach } from '../audit/actor.ts'
import { newEvent } from '../audit/new-event.ts'
import type { Parts } from '../parts.ts'

/** Counts a wrong verifier of a code (RFC 7636 §7.1). After a few the code ends, so that no one can go on guessing. */
export async function countWrongVerifier(
  { digest, chainUid, appUid, principal }: IssuedCode,
  by: Actor,
  { store, clock }: Pick<Parts, 'store' | 'clock'>,
): Promise<void> {
  checkReach(by, { directoryUid: null, appUid })
  const fields = { appUid, businessUid: principal?.businessUid ?? null, subject: chainUid }
  await store.codes.countWrongVerifier(digest, newEvent('code.guessed', clock.now(), by, fields))
}
