import { anonymousActor, personActor } from '../domain/audit/actor.ts'
import { note } from '../domain/audit/note.ts'
import { emailKey } from '../domain/people/email-key.ts'
import { type CountedGuess, countGuess, forgetGuesses, type Guess, KNOWN_LIFETIME } from '../domain/people/guesses.ts'
import { mayBePassword } from '../domain/people/password.ts'
import { beginSession, resumeSession } from '../domain/people/session.ts'
import { visitorKey } from '../http/address.ts'
import type { Incoming } from '../http/incoming.ts'
import { type Answer, seeOther } from '../http/reply.ts'
import { Refusal } from '../kit/refusal.ts'
import type { Site } from '../site.ts'
import type { Person } from '../store/nouns/people.ts'
import { openForm } from '../ui/form.ts'
import { pageEndpoint } from '../ui/page-endpoint.ts'
import { pageUrls } from '../ui/page-urls.ts'
import { signInForm, signInPage } from './sign-in-page.ts'
import { type LoginVisit, openLoginVisit } from './visit.ts'

/** How often a sign-in is tried when the stored password changes while it is being checked. */
const MAX_TRIES = 3

/** GET /login: the sign-in page, for a waiting request (`ticket`) or for no app. */
export const showSignInEndpoint = pageEndpoint('GET', pageUrls.signIn(), async (incoming, site) => {
  const visit = await openLoginVisit(incoming.query.get('ticket'), incoming, site)
  const { session, waiting } = visit
  const isFresh = incoming.query.get('switch') !== undefined
  const mustSignIn = waiting?.whySignIn === 'fresh'
  const hint = waiting?.request.loginHint ?? (mustSignIn ? session?.email : undefined)
  return signInPage(visit, {
    email: isFresh ? '' : (hint ?? '').slice(0, 254),
    again: mustSignIn,
    // An app that asks for a fresh sign-in cannot be offered the session.
    account: isFresh || mustSignIn ? undefined : session,
  })
})

/**
 * POST /login: email and password. An unknown email and a wrong password get the same answer in the same time, and both are counted as a
 * guess before anything is checked. The status is 400: 401 needs a challenge (RFC 9110 §15.5.2), and a form has none.
 */
export const signInEndpoint = pageEndpoint('POST', signInForm.action, async (incoming, site) => {
  const { visit, fields } = await openForm(signInForm, incoming, site, openPosted)
  const email = fields.get('email') ?? ''
  const password = fields.get('password') ?? ''
  const key = emailKey(email)
  const guess = { account: key ?? email, visitor: visitorKey(incoming.address), browser: visit.browser }
  const person = key === undefined ? undefined : await site.store.people.findLiveByEmail(key)
  const counted = await countGuess(guess, site)
  if (counted.wait !== undefined) {
    await noteRefused('login.throttled', person, guess, incoming, site)
    return signInPage(visit, { email, problem: 'throttled', wait: counted.wait })
  }
  for (let tries = 0, known = person; tries < MAX_TRIES; tries++) {
    if (!(await isRight(password, known, counted, site)) || !known) break
    const signedIn = await begin(await renewPassword(known, password, site), visit, incoming, site)
    if (signedIn) {
      await forgetGuesses(guess, site)
      return signedIn
    }
    // The stored password has just changed. If it was only hashed again, the password is still correct.
    known = await site.store.people.find(known.uid)
  }
  await noteRefused('login.refused', person, guess, incoming, site)
  return signInPage(visit, { email, problem: 'wrong' })
})

/** Opens the visit of a posted form. The form of an answered request may name another person, who must not get the answer. */
async function openPosted(ticket: string | undefined, incoming: Incoming, site: Site): Promise<LoginVisit> {
  const [fields, session] = await Promise.all([
    incoming.pageForm(),
    resumeSession(site.cookies.read(incoming, 'session'), site),
  ])
  const isSamePerson = session !== undefined && emailKey(fields.get('email') ?? '') === emailKey(session.email)
  return openLoginVisit(ticket, incoming, site, isSamePerson ? 'answer-again' : undefined)
}

/** Whether the password is correct. When the server is too busy to check it, the guess is not counted. */
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
    if (error instanceof Refusal && error.status === 503) await counted.takeBack()
    throw error
  }
}

/** Begins the session. Undefined when the person's password has changed in the meantime. */
async function begin(person: Person, visit: LoginVisit, incoming: Incoming, site: Site): Promise<Answer | undefined> {
  const { waiting, session: replaced, browser } = visit
  const by = personActor(person.uid, incoming.reference)
  const begun = await beginSession(person, ['pwd'], { replaced, requestDigest: waiting?.digest, browser }, by, site)
  if (!begun) return undefined
  return seeOther(waiting ? pageUrls.resume(waiting.ticket) : pageUrls.signedIn(), [
    // Without a lifetime: it ends when the browser closes, as people on shared devices expect.
    site.cookies.write('session', begun.cookie),
    // This one stays, so that guesses made elsewhere cannot lock the owner out.
    site.cookies.write('browser', browser, KNOWN_LIFETIME),
  ])
}

/**
 * Hashes the password again if it was hashed at another cost than today's, and returns the person with the new hash. When the server is too
 * busy, the next sign-in does it.
 */
async function renewPassword(person: Person, password: string, { passwords, store, log }: Site): Promise<Person> {
  if (!person.password || !passwords.isStale(person.password)) return person
  try {
    const renewed = await passwords.seal(password)
    if (await store.people.replacePassword(person.uid, person.password, renewed))
      return { ...person, password: renewed }
  } catch (err) {
    log.warn({ err, person: person.uid }, 'a password could not be stored at its new cost')
  }
  return person
}

function noteRefused(
  type: 'login.refused' | 'login.throttled',
  person: Person | undefined,
  { visitor }: Guess,
  { reference }: Incoming,
  site: Site,
): Promise<void> {
  const fields = { subject: person?.uid ?? null, details: { visitor } }
  return note(type, `${type} ${visitor}`, anonymousActor(reference), fields, site)
}
