/** What concerns the database as a whole. */
export interface Upkeep {
  readonly engine: 'sqlite' | 'postgres'
  /**
   * Deletes up to `batch` rows of each kind that are past keeping, in short writes; returns how many. Lifetimes are in seconds, and
   * refusals stay where theirs is left out.
   */
  sweep(
    now: number,
    lifetimes: { tombstone: number; event: number; request?: number; refusal?: number },
    batch: number,
  ): Promise<number>
  /** The engine's own clock in seconds, and the version of the schema found. */
  examine(): Promise<{ clock: number; schema: number }>
  close(): Promise<void>
}
