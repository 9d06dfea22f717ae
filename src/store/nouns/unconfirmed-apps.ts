/**
 * An app that came by itself and that no business has installed yet. It has no verbs of its own: the write that adds an app puts it on
 * the list, and the sweep ends it.
 */
export interface UnconfirmedApp {
  /** When it is ended, unless a business installs it before. */
  until: number
  /** How many there may be. The oldest of more are due at once. */
  most: number
}
