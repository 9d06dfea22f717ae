import type { DatabaseSync } from 'node:sqlite'

/** The view of the data that all reads of one turn of the event loop share. */
export interface View {
  /** Throws when another process holds the file just now; then there is no view, and the next read tries again. */
  begin(): void
  end(): void
}

/**
 * Taking a view costs as much as a short read, so one has to do for a turn. Nothing can change within it: our own writes wait for its end.
 * Whether another process has changed anything since the last view is found out at the beginning of each.
 */
export function openView(db: DatabaseSync, changedElsewhere: () => void): View {
  const begin = db.prepare('begin')
  const commit = db.prepare('commit')
  const version = db.prepare('pragma data_version')
  version.setReturnArrays(true)
  let seen: unknown
  let isOpen = false
  const end = () => {
    if (!isOpen) return
    isOpen = false
    if (db.isTransaction) commit.run()
  }
  return {
    begin() {
      if (isOpen || db.isTransaction) return
      begin.run()
      isOpen = true
      try {
        // The first look takes the view; what is read after it is of the same moment.
        const [found] = version.get() as unknown as [number]
        if (found !== seen) changedElsewhere()
        seen = found
      } catch (error) {
        end()
        throw error
      }
      setImmediate(end)
    },
    end,
  }
}
