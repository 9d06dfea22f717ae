import { digest, tokenDigest } from '../../kit/digest.ts'
import { newToken, newUid } from '../../kit/id.ts'
import type { Person } from '../../store/nouns/people.ts'
import type { LiveSession, Session } from '../../store/nouns/sessions.ts'
import { type Actor, checkReach } from '../audit/actor.ts'
import { newEvent } from '../audit/new-event.ts'
import type { Parts } from '../parts.ts'

/** How a person authenticated (`acr`, OpenID Connect Core §2): with one factor, or with two of different kinds. */
export const ONE_FACTOR = 'urn:behalf:acr:one-factor'
export const TWO_FACTOR = 'urn:behalf:acr:two-factor'

/** The values that a sign-in here can reach. */
export const ACR_VALUES: readonly string[] = [ONE_FACTOR]

/** Returns the `acr` of a session's methods. A sign-in with two factors has the method `mfa` (RFC 8176 §2). */
export function acrOf(methods: readonly string[]): string {
  return methods.includes('mfa') ? TWO_FACTOR : ONE_FACTOR
}

/** Returns the session of a cookie, if it and its person are alive. Records its last use once a minute. */
export async function resumeSession(
  cookie: string | undefined,
  { store, clock, config }: Parts,
): Promise<LiveSession | undefined> {
  if (!cookie) return undefined
  const now = clock.now()
  const session = await store.sessions.findLive(tokenDigest(cookie), now, config.sessionIdleLifetime)
  if (session && now - session.seenAt >= 60) await store.sessions.seen(session.digest, now)
  return session
}

/**
 * Begins a session with a new id for a person who has just authenticated, and ends the former session of the browser (NIST SP 800-63B §7.1).
 * Confirms the session for the waiting request in the same write, if there is one. `browser` is the value of the browser's own cookie.
 * Returns undefined when the person's password has changed since it was checked.
 */
export async function beginSession(
  person: Person,
  methods: readonly string[],
  visit: { replaced: LiveSession | undefined; requestDigest: string | undefined; browser: string },
  by: Actor,
  { store, clock, config }: Parts,
): Promise<{ cookie: string; session: Session } | undefined> {
  checkReach(by, { directoryUid: null, personUid: person.uid })
  const now = clock.now()
  const cookie = newToken(now)
  const session: Session = {
    digest: tokenDigest(cookie),
    uid: newUid(),
    personUid: person.uid,
    authTime: now,
    methods,
    createdAt: now,
    seenAt: now,
    expiresAt: now + config.sessionLifetime,
  }
  const { replaced, requestDigest, browser } = visit
  const event = newEvent('login.done', now, by, { subject: person.uid, details: { methods } })
  const around = { replaced: replaced?.digest, requestDigest, browser: digest(browser), password: person.password }
  const isBegun = await store.sessions.begin(session, event, around)
  return isBegun ? { cookie, session } : undefined
}

/**
 * Ends a session, or with `everywhere` every session of its person, and queues the logout tokens of the apps that the person signed in to.
 * Permissions of apps stay, because the business gave them. Ending an ended session changes nothing.
 */
export async function endSession(
  { digest: ended, personUid }: LiveSession,
  { appUid = null, everywhere = false }: { appUid?: string | null | undefined; everywhere?: boolean },
  by: Actor,
  { store, clock }: Parts,
): Promise<void> {
  checkReach(by, { directoryUid: null, personUid })
  const now = clock.now()
  const fields = { subject: personUid, appUid, ...(everywhere ? { details: { everywhere } } : {}) }
  const event = newEvent('logout.done', now, by, fields)
  if (everywhere) await store.sessions.endAll(personUid, now, event)
  else await store.sessions.end(ended, now, event)
}
