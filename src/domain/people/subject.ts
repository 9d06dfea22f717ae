import { createHmac, createSecretKey } from 'node:crypto'
import type { Clock } from '../../kit/clock.ts'
import { newSecret } from '../../kit/id.ts'
import type { Seal } from '../../kit/seal.ts'
import type { Store } from '../../store/store.ts'
import { type SectorApp, sectorOf } from '../apps/sector.ts'
import { WrongSecret } from '../keys/key-pair.ts'

/** Makes the `sub` of a staff membership for an app (OpenID Connect Core §8): its uid, or a name that no other sector can compare. */
export interface Subjects {
  of(app: SectorApp, staffUid: string): string
}

const PAIRWISE = 'pairwise subjects'

/**
 * Pairwise subjects are made with a salt that all servers share permanently. It is sealed again after the secret was changed, so that the old
 * secret can be removed while every `sub` stays the same.
 */
export async function openSubjects(store: Pick<Store, 'salts'>, seal: Seal, clock: Clock): Promise<Subjects> {
  const salt = createSecretKey(await readSalt(store, seal, clock), 'utf8')
  return {
    of: (app, staffUid) =>
      app.protocol.subjectType === 'pairwise'
        ? createHmac('sha256', salt)
            .update(`${sectorOf(app)}\n${staffUid}`)
            .digest('base64url')
        : staffUid,
  }
}

async function readSalt({ salts }: Pick<Store, 'salts'>, seal: Seal, clock: Clock): Promise<string> {
  let found = await salts.find(PAIRWISE)
  if (!found) {
    await salts.add({ name: PAIRWISE, sealed: seal.close(PAIRWISE, newSecret()), createdAt: clock.now() })
    found = (await salts.find(PAIRWISE))!
  }
  const salt = seal.open(PAIRWISE, found.sealed)
  if (salt === undefined) {
    throw new WrongSecret(
      'The salt of pairwise subjects was sealed with another BEHALF_SECRET. Set that secret, or put the new one before it: `new,old`.',
    )
  }
  if (seal.isStale(PAIRWISE, found.sealed)) await salts.reseal(PAIRWISE, found.sealed, seal.close(PAIRWISE, salt))
  return salt
}
