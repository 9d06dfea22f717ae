import type { Logo } from '../domain/apps/logo.ts'
import { findSession } from '../domain/people/session.ts'
import { type AuthorizationRequest, queryOf, whySignIn } from '../domain/requests/authorization-request.ts'
import { findWaiting } from '../domain/requests/waiting-request.ts'
import { EarlyAnswer } from '../http/early-answer.ts'
import type { Incoming } from '../http/incoming.ts'
import { seeOther } from '../http/reply.ts'
import { newToken } from '../kit/id.ts'
import type { Site } from '../site.ts'
import type { App } from '../store/nouns/apps.ts'
import type { PendingRequest } from '../store/nouns/requests.ts'
import type { LiveSession } from '../store/nouns/sessions.ts'
import { deadEndPage } from '../ui/dead-end.ts'
import { type PageContext, pageContext } from '../ui/page-context.ts'
import { keepDeadEnd } from './keep-dead-end.ts'

/** The authorization request that waits for this visitor. */
export interface VisitedRequest {
  ticket: string
  digest: string
  pending: PendingRequest
  request: AuthorizationRequest
  app: App
  logo: Logo | undefined
  /** Why the visitor has to sign in before it goes on; undefined when the session will do. */
  whySignIn: ReturnType<typeof whySignIn>
}

/** Somebody at a page of this room. */
export interface Visit {
  /** How the page is shown: brand, language and direction. */
  context: PageContext
  /** The value of the browser's own cookie, new if it had none; forms are marked for it. */
  browser: string
  /** The Set-Cookie lines that the answer has to carry. */
  cookies: readonly string[]
  session: LiveSession | undefined
  waiting: VisitedRequest | undefined
}

/** A visit in the middle of a request, by a person who has signed in for it. */
export interface SignedInVisit extends Visit {
  session: LiveSession
  waiting: VisitedRequest
}

/** Who is here, and for which request. For a ticket that leads no further, the page that says so is thrown as the answer. */
export async function openVisit(ticket: string | undefined, incoming: Incoming, site: Site): Promise<Visit> {
  const sent = site.cookies.read(incoming, 'browser')
  const browser = sent ?? newToken(site.clock.now())
  const cookies = sent ? [] : [site.cookies.write('browser', browser)]
  const session = await findSession(site.cookies.read(incoming, 'session'), site)
  if (ticket === undefined)
    return { context: await pageContext(incoming, site), browser, cookies, session, waiting: undefined }
  const found = await findWaiting(ticket, sent, site)
  if (found.kind !== 'waiting') {
    const request = found.kind === 'unknown' ? undefined : found.request
    const context = await pageContext(incoming, site, request?.locales)
    // What an app has pushed does not go through the browser: there the app begins anew.
    const isKnown = found.kind === 'over' && found.request.pushed === null
    const startAgain = isKnown ? `/oauth/authorize?${queryOf(found.request)}` : undefined
    const shown = found.kind === 'over' && !isKnown ? 'unknown' : found.kind
    const page = deadEndPage(context, shown, incoming.reference, startAgain)
    throw new EarlyAnswer(keepDeadEnd(found.kind, request?.clientId, incoming, page, site))
  }
  const { digest, pending, request, app } = found
  const confirmed = session !== undefined && pending.sessionUid === session.uid
  const why = whySignIn(request, session, confirmed, site.clock.now())
  const [context, logo] = await Promise.all([pageContext(incoming, site, request.locales), site.appLogos.find(app)])
  return {
    context,
    browser,
    cookies,
    session,
    waiting: { ticket, digest, pending, request, app, logo, whySignIn: why },
  }
}

/** Opens a visit to a step after sign-in. A visitor who is not due here is redirected to where the next step is decided. */
export async function openStep(ticket: string | undefined, incoming: Incoming, site: Site): Promise<SignedInVisit> {
  const visit = await openVisit(ticket ?? '', incoming, site)
  const { session, waiting } = visit
  if (!waiting || !session || waiting.whySignIn) throw new EarlyAnswer(seeOther(resumeUrl(ticket!)))
  return { ...visit, session, waiting }
}

/** Where the next step is decided. */
export function resumeUrl(ticket: string): string {
  return `/oauth/resume?ticket=${ticket}`
}

/** The purpose of every form on the sign-in page. */
export function signInPurpose(ticket: string | undefined): string {
  return `login ${ticket ?? ''}`
}
