import type { Logo } from '../domain/apps/logo.ts'
import { type AuthorizationRequest, whySignIn } from '../domain/requests/authorization-request.ts'
import { findWaitingRequest, type TicketFinding } from '../domain/requests/waiting-request.ts'
import { visitorKey } from '../http/address.ts'
import { EarlyAnswer } from '../http/early-answer.ts'
import type { Incoming } from '../http/incoming.ts'
import { refusedRequest } from '../http/refused-request.ts'
import { type Answer, seeOther } from '../http/reply.ts'
import { newToken } from '../kit/id.ts'
import type { Site } from '../site.ts'
import type { App } from '../store/nouns/apps.ts'
import type { PendingRequest } from '../store/nouns/requests.ts'
import type { LiveSession } from '../store/nouns/sessions.ts'
import { authorizationQuery } from '../ui/authorization-query.ts'
import { deadEndPage } from '../ui/dead-end.ts'
import { pageContext } from '../ui/page-context.ts'
import { pageUrls } from '../ui/page-urls.ts'
import { openVisit, type Visit } from '../ui/visit.ts'
import { loginRefusals } from './refusals.ts'

/** The authorization request that waits for this visitor. */
export interface VisitedRequest {
  ticket: string
  digest: string
  pending: PendingRequest
  request: AuthorizationRequest
  app: App
  /** Its logo. An app that introduced itself could take ours, so its own is shown only in the permission dialog, beside what we know about it. */
  logo: Logo | undefined
  /** Why the visitor has to sign in before the request goes on; undefined when the session is enough. */
  whySignIn: ReturnType<typeof whySignIn>
}

/** A visit with or without an authorization request. */
export interface LoginVisit extends Visit {
  waiting: VisitedRequest | undefined
}

/** A visit with an authorization request. */
export interface RequestVisit extends LoginVisit {
  waiting: VisitedRequest
}

/** A visit to a step after sign-in. */
export interface StepVisit extends RequestVisit {
  session: LiveSession
}

/** Opens a visit to the sign-in page, which needs no request. */
export async function openLoginVisit(
  ticket: string | undefined,
  incoming: Incoming,
  site: Site,
  late?: LatePost,
): Promise<LoginVisit> {
  return ticket === undefined
    ? { ...(await openVisit(incoming, site)), waiting: undefined }
    : openRequestVisit(ticket, incoming, site, late)
}

/** What to do with a form of a request that was answered already: show a page that says so, or answer the request again. */
type LatePost = 'answer-again' | undefined

/** Opens a visit with an authorization request. Answers a ticket that cannot be used with a page that says why. */
export async function openRequestVisit(
  ticket: string | undefined,
  incoming: Incoming,
  site: Site,
  late?: LatePost,
): Promise<RequestVisit> {
  const found = await findWaitingRequest(ticket, site.cookies.read(incoming, 'browser'), site)
  // A second click cancels the way of the first one to the app, so it must lead there too.
  if (late && found.kind === 'over' && found.pending.answeredAt !== null)
    throw new EarlyAnswer(seeOther(pageUrls.resume(ticket)))
  if (found.kind !== 'waiting') throw new EarlyAnswer(await deadEnd(found, ticket, incoming, site))
  const { digest, pending, request, app } = found
  const logoOfKnown = app.origin === 'platform' ? site.appLogos.find(app, visitorKey(incoming.address)) : undefined
  const [visit, logo] = await Promise.all([openVisit(incoming, site, request.locales), logoOfKnown])
  const { session } = visit
  const confirmed = session !== undefined && pending.sessionUid === session.uid
  const why = whySignIn(request, session, confirmed, site.clock.now())
  return { ...visit, waiting: { ticket: ticket!, digest, pending, request, app, logo, whySignIn: why } }
}

/** Opens a visit to a step after sign-in. Redirects visitors who have to sign in first. */
export async function openStep(
  ticket: string | undefined,
  incoming: Incoming,
  site: Site,
  late?: LatePost,
): Promise<StepVisit> {
  const visit = await openRequestVisit(ticket, incoming, site, late)
  const { session, waiting } = visit
  if (!session || waiting.whySignIn) throw new EarlyAnswer(seeOther(pageUrls.resume(waiting.ticket)))
  return { ...visit, session }
}

/**
 * Answers a ticket that cannot be used. A browser without our cookie either blocks cookies or did not start the request: it is sent one, and
 * the next request shows which. A form is sent only from a page that set the cookie, so without it the browser blocks cookies.
 */
async function deadEnd(
  found: Exclude<TicketFinding, { kind: 'waiting' }>,
  ticket: string | undefined,
  incoming: Incoming,
  site: Site,
): Promise<Answer> {
  const hasCookie = site.cookies.read(incoming, 'browser') !== undefined
  if (found.kind === 'other-browser' && !hasCookie && incoming.method === 'GET' && !incoming.query.has('cookies')) {
    return seeOther(pageUrls.checkCookies(ticket!), [site.cookies.write('browser', newToken(site.clock.now()))])
  }
  const request = found.kind === 'unknown' ? undefined : found.request
  const context = await pageContext(incoming, site, request?.locales)
  // A pushed request never goes through the browser, so only the app can start it again.
  const isKnown = found.kind === 'over' && found.request.pushed === null
  const startAgain = isKnown ? pageUrls.authorize(authorizationQuery(found.request)) : undefined
  const why = found.kind === 'other-browser' && !hasCookie ? 'no-cookies' : found.kind
  const app = found.kind === 'over' ? found.app : undefined
  const page = deadEndPage(context, why, incoming, { app, startAgain })
  site.refusals.keep(loginRefusals.refusal(`ticket.${why}`), refusedRequest(incoming), {
    status: page.status,
    clientId: request?.clientId,
  })
  return page
}
