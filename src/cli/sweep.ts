import { command } from './kit/command.ts'
import { withSite } from './kit/with-site.ts'

export default command({
  options: {},
  more: 'Rows go in small batches with pauses between them, so that servers on the same database are not held up.',
  examples: ['sweep'],
  async run(_, around) {
    const { sweep } = await import('../ops/sweep.ts')
    const rows = await withSite(around, (site) => sweep(site))
    return { text: rows === 1 ? '1 row was deleted.' : `${rows} rows were deleted.`, json: { rows } }
  },
})
