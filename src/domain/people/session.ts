import { digest, tokenDigest } from '../../kit/digest.ts'
import { newToken, newUid } from '../../kit/id.ts'
import type { Person } from '../../store/nouns/people.ts'
import type { LiveSession, Session } from '../../store/nouns/sessions.ts'
import type { Actor } from '../audit/actor.ts'
import { newEvent } from '../audit/events.ts'
import type { Parts } from '../parts.ts'

/** How firmly a person proved who they are (`acr`, OpenID Connect Core §2): by one thing, or by two that differ in kind. */
export const ONE_FACTOR = 'urn:behalf:acr:one-factor'
export const TWO_FACTOR = 'urn:behalf:acr:two-factor'

/** Those that a sign-in here can reach. */
export const ACR_VALUES: readonly string[] = [ONE_FACTOR]

/** What a session's methods come to: a sign-in by two factors has `mfa` among them (RFC 8176 §2). */
export function acrOf(methods: readonly string[]): string {
  return methods.includes('mfa') ? TWO_FACTOR : ONE_FACTOR
}

/** The session of a cookie's value, if it and its person are alive. Records its last use once a minute. */
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
 * Begins a session for a person who has just proved who they are, with a new id, and ends the one that the browser had (NIST SP 800-63B
 * §7.1). Given a waiting request, the session is confirmed for it in the same write. `browser` is the value of the browser's own cookie.
 * Undefined when the person's password is no longer the one that was shown.
 */
export async function beginSession(
  person: Person,
  methods: readonly string[],
  visit: { replaced: LiveSession | undefined; requestDigest: string | undefined; browser: string },
  by: Actor,
  { store, clock, config }: Parts,
): Promise<{ cookie: string; session: Session } | undefined> {
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
 * Ends a session, or with `everywhere` every session of its person, and queues the logout tokens of the apps that the person signed in to. What
 * apps may do for a business goes on, because the business allowed it. Ending a session that has ended changes nothing.
 */
export async function endSession(
  { digest: ended, personUid }: LiveSession,
  { appUid = null, everywhere = false }: { appUid?: string | null | undefined; everywhere?: boolean },
  by: Actor,
  { store, clock }: Pick<Parts, 'store' | 'clock'>,
): Promise<void> {
  const now = clock.now()
  const fields = { subject: personUid, appUid, ...(everywhere ? { details: { everywhere } } : {}) }
  const event = newEvent('logout.done', now, by, fields)
  if (everywhere) await store.sessions.endAll(personUid, now, event)
  else await store.sessions.end(ended, now, event)
}
