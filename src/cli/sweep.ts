import { sweep as sweepRows } from '../ops/sweep.ts'
import { command } from './kit/command.ts'
import { withSite } from './kit/with-site.ts'

export const sweep = command({
  options: {},
  more: 'Rows are deleted in small batches with pauses, so that servers on the same database are not slowed down.',
  examples: ['sweep'],
  async run(_, around) {
    const rows = await withSite(around, (site) => sweepRows(site))
    return { text: rows === 1 ? '1 row was deleted.' : `${rows} rows were deleted.`, json: { rows } }
  },
})
