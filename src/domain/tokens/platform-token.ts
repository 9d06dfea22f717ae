import { tokenDigest } from '../../kit/digest.ts'
import { newToken, newUid } from '../../kit/id.ts'
import type { PlatformToken } from '../../store/nouns/platform-tokens.ts'
import type { Store } from '../../store/store.ts'
import { type Actor, checkReach, mayReach } from '../audit/actor.ts'
import { newEvent } from '../audit/new-event.ts'
import { checkDirectory } from '../businesses/check-directory.ts'
import { readName } from '../businesses/name.ts'
import type { Ended, Parts } from '../parts.ts'
import { refuse } from './refusals.ts'

/**
 * Creates a platform token of a directory, or with `null` of the platform. With the kind `registration` it is an initial access token (RFC 7591 §3),
 * whose apps belong to the directory or to the platform. Only the answer contains the token: its digest is stored.
 */
export async function createPlatformToken(
  { kind, directoryUid, name }: Pick<PlatformToken, 'kind' | 'directoryUid' | 'name'>,
  by: Actor,
  { store, clock }: Pick<Parts, 'store' | 'clock'>,
): Promise<{ token: string; row: PlatformToken }> {
  checkReach(by, { directoryUid })
  if (kind === 'internal' && directoryUid !== null) refuse('token.internal-with-directory')
  if (kind === 'directory' || directoryUid !== null) await checkDirectory(directoryUid ?? '', { store })
  const now = clock.now()
  const token = newToken(now)
  const row: PlatformToken = {
    digest: tokenDigest(token),
    uid: newUid(),
    kind,
    directoryUid,
    name: readName(name, 'name'),
    createdAt: now,
  }
  const fields = { directoryUid, subject: row.uid, details: { kind, name: row.name } }
  await store.platformTokens.add(row, newEvent('platform-token.created', now, by, fields))
  return { token, row }
}

/** Ends the platform token of a uid. Undefined when there is no such live token, or the actor may not reach it. */
export async function endPlatformToken(
  uid: string,
  by: Actor,
  { store, clock }: Pick<Parts, 'store' | 'clock'>,
): Promise<Ended<Omit<PlatformToken, 'digest'>> | undefined> {
  const found = (await store.platformTokens.list()).find((each) => each.uid === uid)
  if (!found || !mayReach(by, found)) return undefined
  const at = clock.now()
  const event = newEvent('platform-token.ended', at, by, { directoryUid: found.directoryUid, subject: uid })
  return (await store.platformTokens.end({ uid }, at, event)) ? { ...found, endedAt: at } : undefined
}

/** Finds the live platform token that was presented. */
export function findLivePlatformToken(
  token: string,
  { store }: { store: Pick<Store, 'platformTokens'> },
): Promise<PlatformToken | undefined> {
  return store.platformTokens.findLive(tokenDigest(token))
}
