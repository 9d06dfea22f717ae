import { DatabaseSync } from 'node:sqlite'

/** Takes the write lock, as another process would, until the returned function is called. */
export function lock(file: string): () => void {
  const other = new DatabaseSync(file, { timeout: 5000 })
  other.exec('begin immediate')
  return () => {
    other.exec('rollback')
    other.close()
  }
}
