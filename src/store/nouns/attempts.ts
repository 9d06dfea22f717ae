export interface Attempts {
  /** Counts one attempt and tells the count within the running window; atomic, so parallel guesses all count. */
  count(key: string, now: number, window: number): Promise<{ count: number; expiresAt: number }>
  /** Takes back one that turned out to be none. */
  takeBack(key: string): Promise<void>
  forget(key: string): Promise<void>
}
