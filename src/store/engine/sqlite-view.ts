import type { DatabaseSync } from 'node:sqlite'

/** The view of the data that all reads of one turn of the event loop share. */
export interface View {
  /** Throws when another process holds the file. Then there is no view, and the next read tries again. */
  begin(): void
  end(): void
}

/**
 * Beginning a view costs as much as a short read, so a turn has only one. Nothing changes in it, because our own writes wait for its end. The
 * beginning of each view detects whether another process has written since the last one.
 */
export function openSqliteView(db: DatabaseSync, changedElsewhere: () => void): View {
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
        // The first read fixes the view: all later reads see the same moment.
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
