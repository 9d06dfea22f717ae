/**
 * An app that registered or described itself and that no business has connected yet. It has no verbs: the write that adds an app lists it, and
 * the sweep ends it.
 */
export interface UnconfirmedApp {
  /** When it ends, unless a business connects it before. */
  until: number
  /** How many there may be. The oldest above that end at once. */
  most: number
}
