/**
 * An app that got an ID token from a session, and gets a logout token when that session ends. It has no verbs: those of approvals and sessions
 * write it.
 */
export interface SessionApp {
  sessionUid: string
  appUid: string
  staffUid: string
  at: number
}

/** Which sessions end: one by its digest, or all of a person. */
export type EndedSessions = { digest: string } | { personUid: string }
