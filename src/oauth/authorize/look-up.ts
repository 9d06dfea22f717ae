import { type AuthorizationRequest, businessesFor, businessOf } from '../../domain/requests/authorization-request.ts'
import type { Site } from '../../site.ts'
import type { App } from '../../store/nouns/apps.ts'
import type { PendingRequest } from '../../store/nouns/requests.ts'
import type { LiveSession } from '../../store/nouns/sessions.ts'
import type { Situation } from './decide.ts'

/** Looks up what `decide` needs to know, and no more than it will ask about. */
export async function lookUp(
  request: AuthorizationRequest,
  app: App,
  session: LiveSession | undefined,
  pending: PendingRequest | undefined,
  allowed: boolean,
  { store, clock, subjects }: Site,
): Promise<Situation> {
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
    store.installs.findConsent(session.personUid, app.uid, business),
  ])
  return { ...situation, memberships, install, consent }
}
