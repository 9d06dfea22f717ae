import type { Clock } from '../../kit/clock.ts'
import { digest, tokenDigest } from '../../kit/digest.ts'
import { newToken, newUid } from '../../kit/id.ts'
import type { Person } from '../../store/nouns/people.ts'
import type { LiveSession, Session } from '../../store/nouns/sessions.ts'
import type { Store } from '../../store/store.ts'
import { personActor } from '../audit/actor.ts'
import { newEvent } from '../audit/events.ts'

/** How firmly a person proved who they are (`acr`, OpenID Connect Core §2): by one thing, or by two that differ in kind. */
export const ONE_FACTOR = 'urn:behalf:acr:one-factor'
export const TWO_FACTOR = 'urn:behalf:acr:two-factor'

/** Those that a sign-in here can reach. */
export const ACR_VALUES: readonly string[] = [ONE_FACTOR]

/** What a session's methods come to: a sign-in by two factors has `mfa` among them (RFC 8176 §2). */
export function acrOf(methods: readonly string[]): string {
  return methods.includes('mfa') ? TWO_FACTOR : ONE_FACTOR
}

interface Needs {
  store: Store
  clock: Clock
  config: { sessionLifetime: number; sessionIdleLifetime: number }
}

/** The session of a cookie's value, if it and its person are alive. Its last use is noted once a minute. */
export async function findSession(
  cookie: string | undefined,
  { store, clock, config }: Needs,
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
  visit: { replaced: LiveSession | undefined; requestDigest: string | undefined; browser: string; reference: string },
  { store, clock, config }: Needs,
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
  const { replaced, requestDigest, browser, reference } = visit
  const event = newEvent('login.done', now, personActor(person.uid, reference), {
    subject: person.uid,
    details: { methods },
  })
  const around = { replaced: replaced?.digest, requestDigest, browser: digest(browser), password: person.password }
  const isBegun = await store.sessions.begin(session, event, around)
  return isBegun ? { cookie, session } : undefined
}

/**
 * Ends a person's session, here alone or wherever they are signed in, and has the apps told that it signed in to. What apps may do for a
 * business goes on: that is the business's, and not the person's who left.
 */
export async function endSession(
  { digest: ended, personUid }: LiveSession,
  { reference, appUid = null, everywhere = false }: { reference: string; appUid?: string | null; everywhere?: boolean },
  { store, clock }: Pick<Needs, 'store' | 'clock'>,
): Promise<void> {
  const now = clock.now()
  const fields = { subject: personUid, appUid, ...(everywhere ? { details: { everywhere } } : {}) }
  const event = newEvent('logout.done', now, personActor(personUid, reference), fields)
  if (everywhere) await store.sessions.endAll(personUid, now, event)
  else await store.sessions.end(ended, now, event)
}
