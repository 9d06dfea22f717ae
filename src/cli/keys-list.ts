import { command } from './command.ts'
import { day, table } from './table.ts'
import { withSite } from './with-site.ts'

export default command({
  options: {},
  examples: ['keys list'],
  async run(_, around) {
    const { keys, now } = await withSite(around, async ({ store, clock }) => ({
      keys: await store.keys.list(),
      now: clock.now(),
    }))
    const signing = keys.filter(({ signsFrom, retiredAt }) => signsFrom <= now && retiredAt === null).at(-1)
    const rows = keys.map((key) => [
      key.kid,
      key.algorithm,
      day(key.createdAt),
      key === signing
        ? 'signs'
        : key.retiredAt !== null
          ? `retired ${day(key.retiredAt)}`
          : key.signsFrom > now
            ? 'next'
            : '',
    ])
    return {
      text: table(['KID', 'ALGORITHM', 'SINCE', ''], rows, 'There are no keys.'),
      json: {
        keys: keys.map(({ kid, algorithm, createdAt, signsFrom, retiredAt }) => ({
          kid,
          algorithm,
          created_at: createdAt,
          signs_from: signsFrom,
          retired_at: retiredAt,
        })),
      },
    }
  },
})
