import { tokenDigest } from '../../kit/digest.ts'
import { newToken, newUid } from '../../kit/id.ts'
import type { PlatformToken } from '../../store/nouns/platform-tokens.ts'
import type { Store } from '../../store/store.ts'
import { type Actor, mayReach } from '../audit/actor.ts'
import { newEvent } from '../audit/events.ts'
import { readName } from '../businesses/name.ts'
import type { Ended, Parts } from '../parts.ts'
import { refuse } from './refusals.ts'

/**
 * Makes a credential for the management API: of a directory, or with `null` of the platform itself; or the initial access token of
 * RFC 7591 §3, whose apps will belong to that directory or to none. The token is in the answer and
 * nowhere else; what is kept is its digest.
 */
export async function createPlatformToken(
  { kind, directoryUid, name }: Pick<PlatformToken, 'kind' | 'directoryUid' | 'name'>,
  by: Actor,
  { store, clock }: Pick<Parts, 'store' | 'clock'>,
): Promise<{ token: string; row: PlatformToken }> {
  if (kind === 'internal' && directoryUid !== null) {
    refuse('token.internal-with-directory')
  }
  if (kind === 'directory' || directoryUid !== null) {
    const directory = directoryUid ? await store.directories.find(directoryUid) : undefined
    if (!directory || directory.endedAt !== null) {
      refuse('token.unknown-directory')
    }
  }
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

/** Ends a platform token by its uid: no server accepts it any more. Undefined when the actor reaches no such live token. */
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

/** The live token behind what was presented: one that was revoked, or whose directory has ended, is not found. */
export function findLivePlatformToken(
  token: string,
  { store }: { store: Pick<Store, 'platformTokens'> },
): Promise<PlatformToken | undefined> {
  return store.platformTokens.findLive(tokenDigest(token))
}
