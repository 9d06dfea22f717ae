export interface Attempts {
  /** Counts one attempt and returns the count in the current window of so many seconds. Atomic, so parallel guesses all count. */
  count(key: string, now: number, window: number): Promise<{ count: number; expiresAt: number }>
  /** Returns until when a key counts, in seconds since the epoch, also if that has passed. Writes nothing. */
  findExpiry(key: string): Promise<number | undefined>
  /** Subtracts one attempt. */
  takeBack(key: string): Promise<void>
  forget(key: string): Promise<void>
}
