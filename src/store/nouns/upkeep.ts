/** Work on the whole database. */
export interface Upkeep {
  readonly engine: 'sqlite' | 'postgres'
  /**
   * Deletes rows that are older than their lifetime in seconds, at most `batch` of each kind, in short writes. Returns how many. Keeps refusals
   * when their lifetime is left out.
   */
  sweep(
    now: number,
    lifetimes: { tombstone: number; event: number; request?: number; refusal?: number },
    batch: number,
  ): Promise<number>
  /** The clock of the engine in seconds, and the version of its schema. */
  examine(): Promise<{ clock: number; schema: number }>
  /** The time of the database's machine in milliseconds since 1970. Undefined for SQLite, which has none of its own. */
  findTime(): Promise<number | undefined>
  close(): Promise<void>
}
