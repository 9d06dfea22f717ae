import type { Event } from './events.ts'

/** A signed-in browser. */
export interface Session {
  digest: string
  uid: string
  personUid: string
  authTime: number
  /** How the person authenticated (RFC 8176). */
  methods: readonly string[]
  createdAt: number
  seenAt: number
  expiresAt: number
}

/** A live session with its live person. */
export interface LiveSession extends Session {
  email: string
  name: string
}

export interface Sessions {
  /**
   * Begins a session in one write that also:
   * - ends the `replaced` session. Apps that it signed in to move to the new session of the same person, or else get a logout token;
   * - confirms the session for the waiting request;
   * - deletes the choices of business of the `browser`, because another person may have made them.
   *
   * Returns false and writes nothing when the stored password is no longer `password`, with which the person has authenticated.
   */
  begin(
    session: Session,
    event: Event,
    around?: {
      replaced?: string | undefined
      requestDigest?: string | undefined
      browser?: string | undefined
      password?: string | null | undefined
    },
  ): Promise<boolean>
  /** The session, if it and its person are alive and neither its lifetime nor its idle lifetime has passed. */
  findLive(digest: string, now: number, idleLifetime: number): Promise<LiveSession | undefined>
  seen(digest: string, at: number): Promise<void>
  /** Ends the session, and queues logout tokens for the apps that it signed in to. */
  end(digest: string, at: number, event: Event): Promise<boolean>
  /** Ends all sessions of a person, and queues their logout tokens. */
  endAll(personUid: string, at: number, event: Event): Promise<void>
}
