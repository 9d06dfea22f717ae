import { consentHost } from '../../domain/installs/consent-host.ts'
import { type AuthorizationRequest, businessesFor, businessOf } from '../../domain/requests/authorization-request.ts'
import type { Incoming } from '../../http/incoming.ts'
import type { Site } from '../../site.ts'
import type { App } from '../../store/nouns/apps.ts'
import type { PendingRequest } from '../../store/nouns/requests.ts'
import type { LiveSession } from '../../store/nouns/sessions.ts'
import type { Situation } from './decide.ts'

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
  /** The stored request that is answered again: its sign-in and its choice of business count. */
  answered?: PendingRequest | undefined
  /** Whether the person has just allowed this request in the permission dialog. */
  allowed: boolean
  incoming: Incoming
}

/** Loads what `decide` needs. */
export async function loadSituation(
  { request, app, session, waiting, answered, allowed }: Step,
  { store, clock, subjects }: Site,
): Promise<Situation> {
  const pending = waiting?.pending ?? answered
  const situation: Situation = {
    request,
    app,
    session,
    confirmed: session !== undefined && pending?.sessionUid === session.uid,
    memberships: [],
    chosenBusiness: pending?.businessUid ?? null,
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
