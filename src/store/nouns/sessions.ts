import type { Event } from './events.ts'

/** A signed-in browser. */
export interface Session {
  digest: string
  uid: string
  personUid: string
  authTime: number
  /** How the person proved who they are (RFC 8176). */
  methods: readonly string[]
  createdAt: number
  seenAt: number
  expiresAt: number
}

/** A live session with its living person. */
export interface LiveSession extends Session {
  email: string
  name: string
}

export interface Sessions {
  /**
   * Begins a session, ends the one it replaces, and binds it to the waiting request. Given the digest of the browser's cookie, it
   * forgets the businesses chosen there for requests that wait: whoever chose them may have been somebody else. Apps that the replaced
   * session signed in to stay so when it was the same person's; otherwise they are told. Given the password that the person showed
   * to be theirs, as it is stored: false, and nothing written, when it was changed meanwhile.
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
  /** The session and its person, if both are alive, within both lifetimes. */
  findLive(digest: string, now: number, idleLifetime: number): Promise<LiveSession | undefined>
  seen(digest: string, at: number): Promise<void>
  /** Ends it, and begins the deliveries that tell the apps it signed in to. */
  end(digest: string, at: number, event: Event): Promise<boolean>
  /** The same for all sessions of a person. */
  endAll(personUid: string, at: number, event: Event): Promise<void>
}
