import { DatabaseSync } from 'node:sqlite'

/** Takes the right to write, as any other process could, until the returned function is called. */
export function lock(file: string): () => void {
  const other = new DatabaseSync(file, { timeout: 5000 })
  other.exec('begin immediate')
  return () => {
    other.exec('rollback')
    other.close()
  }
}
