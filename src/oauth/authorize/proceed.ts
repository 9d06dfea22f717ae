import { allowedAs } from '../../domain/apps/differences.ts'
import { consentHost } from '../../domain/installs/consent-host.ts'
import { type AuthorizationRequest, businessesFor, businessOf } from '../../domain/requests/authorization-request.ts'
import type { Incoming } from '../../http/incoming.ts'
import { type Answer, seeOther } from '../../http/reply.ts'
import { Refusal } from '../../kit/refusal.ts'
import type { Site } from '../../site.ts'
import type { App } from '../../store/nouns/apps.ts'
import type { PendingRequest } from '../../store/nouns/requests.ts'
import type { LiveSession } from '../../store/nouns/sessions.ts'
import { pageUrls } from '../../ui/page-urls.ts'
import { refuse } from '../errors/refusals.ts'
import { approve } from './approve.ts'
import { decide, type Situation } from './decide.ts'
import { checkReturn } from './request-checks.ts'
import { respondWithCode, respondWithError } from './respond.ts'
import { storeRequest } from './store-request.ts'

/** A stored request, and the ticket by which the browser names it. */
export interface Waiting {
  pending: PendingRequest
  ticket: string
}

/** A step of an authorization request. */
export interface Step {
  request: AuthorizationRequest
  app: App
  session: LiveSession | undefined
  /** Undefined for a request that was read and checked in this HTTP request. */
  waiting: Waiting | undefined
  /** Whether the person has just allowed this request in the permission dialog. */
  allowed: boolean
  incoming: Incoming
}

const PAGES = { login: pageUrls.signIn, 'choose-business': pageUrls.chooseBusiness, consent: pageUrls.consent } as const

/** How often to decide if something changes before the approval is written. */
const MAX_TRIES = 3

/** Decides the next step of a request, and sends the browser to a page for the person or back to the app. */
export async function proceed(step: Step, site: Site): Promise<Answer> {
  for (let tries = 1; tries <= MAX_TRIES; tries++) {
    const app = tries === 1 ? step.app : await site.store.apps.findLive(step.app.uid)
    // A stored request is checked again, and so is any request after its app may have changed.
    const isChecked = step.waiting === undefined && tries === 1
    // A yes counts only for the app that the dialog showed.
    const allowed = step.allowed && app !== undefined && allowedAs(app) === allowedAs(step.app)
    const answer = app && (await decideAndGo({ ...step, app, allowed }, isChecked, site))
    if (answer) return answer
  }
  return refuse('request.changed')
}

/** Returns undefined if the approval was not written, because something had changed after the decision. */
async function decideAndGo(step: Step, isChecked: boolean, site: Site): Promise<Answer | undefined> {
  const { request, app, waiting, incoming } = step
  if (!isChecked) {
    try {
      checkReturn(request, app, site)
    } catch (error) {
      // An error about the redirect URI is never sent to that URI.
      if (error instanceof Refusal && error.field !== 'redirect_uri')
        return respondWithError(request, error, app.uid, incoming, site)
      throw error
    }
  }
  const situation = await loadSituation(step, site)
  const decision = decide(situation)
  switch (decision.to) {
    case 'approve': {
      site.limits.check('approvals', decision.session.personUid)
      const code = await approve(
        situation,
        decision,
        { requestDigest: waiting?.pending.digest },
        incoming.reference,
        site,
      )
      return code === undefined ? undefined : respondWithCode(request, code, incoming, site)
    }
    case 'refuse':
      return respondWithError(request, decision.error, app.uid, incoming, site)
    default: {
      const { ticket, cookies } = waiting
        ? { ticket: waiting.ticket, cookies: [] }
        : await storeRequest(request, app, incoming, site)
      return seeOther(PAGES[decision.to](ticket), cookies)
    }
  }
}

/** Loads what `decide` needs. */
async function loadSituation(
  { request, app, session, waiting, allowed }: Step,
  { store, clock, subjects }: Site,
): Promise<Situation> {
  const situation: Situation = {
    request,
    app,
    session,
    confirmed: session !== undefined && waiting?.pending.sessionUid === session.uid,
    memberships: [],
    chosenBusiness: waiting?.pending.businessUid ?? null,
    install: undefined,
    consent: undefined,
    allowed,
    subjectOf: (staffUid) => subjects.of(app, staffUid),
    now: clock.now(),
  }
  if (!session) return situation
  const memberships = await store.staff.memberships(session.personUid)
  const business = businessOf(request, situation.chosenBusiness, businessesFor(app, memberships))?.businessUid
  if (business === undefined) return { ...situation, memberships }
  const [install, consent] = await Promise.all([
    store.installs.findLive(app.uid, business),
    store.installs.findConsent(session.personUid, app.uid, business, consentHost(app, request.redirectUri)),
  ])
  return { ...situation, memberships, install, consent }
}
