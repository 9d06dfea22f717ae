import { resumeSession } from '../domain/people/session.ts'
import { csrfToken } from '../http/csrf.ts'
import { EarlyAnswer } from '../http/early-answer.ts'
import type { Incoming } from '../http/incoming.ts'
import { seeOther } from '../http/reply.ts'
import { newToken } from '../kit/id.ts'
import type { Site } from '../site.ts'
import type { LiveSession } from '../store/nouns/sessions.ts'
import { type PageContext, pageContext } from './page-context.ts'
import { pageUrls } from './page-urls.ts'

/** A visitor at one of our pages: how the page is shown to them, and who has signed in. */
export interface Visit extends PageContext {
  /** The value of the browser's own cookie, new if it had none. Forms and waiting requests are bound to it. */
  browser: string
  session: LiveSession | undefined
  /** Returns the CSRF token of a form that this browser is shown for this purpose. */
  csrf(purpose: string): string
}

/** A visit by a person who has signed in. */
export interface SignedInVisit extends Visit {
  session: LiveSession
}

/** Opens a visit to a page. `locales` are the languages that an app asked for, the best first. */
export async function openVisit(incoming: Incoming, site: Site, locales: readonly string[] = []): Promise<Visit> {
  const { cookies, clock, seal } = site
  const sent = cookies.read(incoming, 'browser')
  const browser = sent ?? newToken(clock.now())
  const [context, session] = await Promise.all([
    pageContext(incoming, site, locales),
    resumeSession(cookies.read(incoming, 'session'), site),
  ])
  const csrf = (purpose: string) => csrfToken(seal, browser, purpose)
  return { ...context, cookies: sent ? [] : [cookies.write('browser', browser)], browser, session, csrf }
}

/** Opens a visit to a page for signed-in people. Redirects everyone else to the sign-in page. */
export async function openSignedInVisit(incoming: Incoming, site: Site): Promise<SignedInVisit> {
  const visit = await openVisit(incoming, site)
  if (!visit.session) throw new EarlyAnswer(seeOther(pageUrls.signIn()))
  return { ...visit, session: visit.session }
}
