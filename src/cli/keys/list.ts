import { findSigning, isPublished } from '../../domain/keys/keys.ts'
import type { SigningKey } from '../../store/nouns/signing-keys.ts'
import { command } from '../kit/command.ts'
import { day, table } from '../kit/table.ts'
import { withSite } from '../kit/with-site.ts'

export default command({
  options: {},
  more: [
    'Each algorithm has one key that signs. `next` is published and will take over; `published` signs no more, but something it signed',
    'may still be alive; `done` is no longer published; `retired` was taken away for good.',
  ].join('\n'),
  examples: ['keys list'],
  async run(_, around) {
    const { keys, now } = await withSite(around, async ({ store, clock }) => ({
      keys: await store.signingKeys.list(),
      now: clock.now(),
    }))
    const rows = keys.map((key) => [key.kid, key.algorithm, day(key.createdAt), state(key, keys, now)])
    return {
      text: table(['KID', 'ALGORITHM', 'SINCE', ''], rows, 'There are no keys.'),
      json: {
        keys: keys.map((key) => ({
          kid: key.kid,
          algorithm: key.algorithm,
          state: state(key, keys, now),
          created_at: key.createdAt,
          signs_from: key.signsFrom,
          retired_at: key.retiredAt,
        })),
      },
    }
  },
})

function state(key: SigningKey, keys: readonly SigningKey[], now: number): string {
  if (key.retiredAt !== null) return 'retired'
  if (key === findSigning(keys, key.algorithm, now)) return 'signs'
  if (key.signsFrom > now) return 'next'
  return isPublished(key, keys, now) ? 'published' : 'done'
}
