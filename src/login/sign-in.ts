import { newEvent } from '../domain/events.ts'
import { type CountedGuess, countGuess, forgetGuesses, type Guess, KNOWN_LIFETIME } from '../domain/login-throttle.ts'
import { emailKey, mayBePassword } from '../domain/person.ts'
import { beginSession } from '../domain/session.ts'
import { visitorKey } from '../http/address.ts'
import { checkForm } from '../http/csrf.ts'
import type { Incoming } from '../http/incoming.ts'
import { seeOther } from '../http/reply.ts'
import { Unavailable } from '../kit/refusal.ts'
import type { Site } from '../site.ts'
import type { Person } from '../store/rows.ts'
import { signInPage } from './sign-in-page.ts'
import { openVisit, resumeUrl, signInPurpose, type Visit } from './visit.ts'

/** GET /login: asks who is there, for a waiting request (`ticket`) or for nothing else than to be signed in. */
export async function showSignIn(incoming: Incoming, site: Site): Promise<Response> {
  const visit = await openVisit(incoming.query.get('ticket'), incoming, site)
  if (visit instanceof Response) return visit
  const { session, waiting } = visit
  const isFresh = incoming.query.get('switch') !== undefined
  const mustSignIn = waiting?.whySignIn === 'fresh'
  const hint = waiting?.request.loginHint ?? (mustSignIn ? session?.email : undefined)
  return signInPage(visit, site, {
    email: isFresh ? '' : (hint ?? '').slice(0, 254),
    again: mustSignIn,
    // Where an old sign-in does not count, the session cannot be offered.
    account: isFresh || mustSignIn ? undefined : session,
  })
}

/**
 * POST /login: e-mail and password. Unknown and wrong are one answer, in the same time, and both count as a guess before anything is
 * looked at. It is a 400: 401 would have to name a challenge (RFC 9110 §15.5.2), and a form is none.
 */
export async function signIn(incoming: Incoming, site: Site): Promise<Response> {
  const form = await incoming.pageForm()
  const visit = await openVisit(form.get('ticket'), incoming, site)
  if (visit instanceof Response) return visit
  checkForm(incoming, form, site.seal, visit.browser, signInPurpose(visit.waiting?.ticket))

  const email = form.get('email') ?? ''
  const password = form.get('password') ?? ''
  const key = emailKey(email)
  const guess = { account: key ?? email, visitor: visitorKey(incoming.address), browser: visit.browser }
  const person = key === undefined ? undefined : await site.store.people.findByEmail(key)
  const counted = await countGuess(guess, site)
  if (counted.wait !== undefined) {
    await note('login.throttled', person, guess, incoming, site)
    return signInPage(visit, site, { email, problem: 'throttled', wait: counted.wait })
  }
  if (!(await isRight(password, person, counted, site)) || !person) {
    await note('login.refused', person, guess, incoming, site)
    return signInPage(visit, site, { email, problem: 'wrong' })
  }
  await forgetGuesses(guess, site)
  await renewPassword(person, password, site)
  return begin(person, visit, incoming, site)
}

/** When there is no room to look at the password now, whoever tries again as they are told to must not run out of guesses. */
async function isRight(
  password: string,
  person: Person | undefined,
  counted: CountedGuess,
  { passwords }: Site,
): Promise<boolean> {
  if (!mayBePassword(password)) return false
  try {
    return await passwords.isRight(password, person?.password ?? undefined)
  } catch (error) {
    if (error instanceof Unavailable) await counted.takeBack()
    throw error
  }
}

async function begin(person: Person, visit: Visit, incoming: Incoming, site: Site): Promise<Response> {
  const { waiting, session: replaced, browser } = visit
  const facts = { replaced, requestDigest: waiting?.digest, browser, reference: incoming.reference }
  const { cookie } = await beginSession(person, ['pwd'], facts, site)
  return seeOther(waiting ? resumeUrl(waiting.ticket) : '/signed-in', [
    // Without a lifetime of its own: it goes when the browser closes, as people at a shared counter expect.
    site.cookies.write('session', cookie),
    // This one stays, so that guesses made elsewhere cannot keep its owner out.
    site.cookies.write('browser', browser, KNOWN_LIFETIME),
  ])
}

/** Stores the password anew when it was hashed at another cost than today's. When there is no room for that now, the next time will do. */
async function renewPassword(person: Person, password: string, { passwords, store, log }: Site): Promise<void> {
  if (!person.password || !passwords.isStale(person.password)) return
  try {
    await store.people.replacePassword(person.uid, person.password, await passwords.seal(password))
  } catch (err) {
    log.warn({ err, person: person.uid }, 'a password could not be stored at its new cost')
  }
}

async function note(
  type: 'login.refused' | 'login.throttled',
  person: Person | undefined,
  { visitor }: Guess,
  { reference }: Incoming,
  { store, clock, limits }: Site,
): Promise<void> {
  if (!(await limits.mayNote(`${type} ${visitor}`))) return
  const facts = { actor: 'nobody', subject: person?.uid ?? null, reference, details: { visitor } }
  await store.events.add(newEvent(type, clock.now(), facts))
}
