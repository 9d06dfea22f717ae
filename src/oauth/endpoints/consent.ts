import { anonymousActor, personActor } from '../../domain/audit/actor.ts'
import { resumeSession } from '../../domain/people/session.ts'
import {
  type AuthorizationRequest,
  businessesFor,
  businessOf,
  requestedPermission,
} from '../../domain/requests/authorization-request.ts'
import { denyRequest, findWaitingRequest } from '../../domain/requests/waiting-request.ts'
import type { Endpoint } from '../../endpoint.ts'
import { visitorKey } from '../../http/address.ts'
import { checkForm, isCsrfToken } from '../../http/csrf.ts'
import type { Incoming } from '../../http/incoming.ts'
import { type Answer, seeOther } from '../../http/reply.ts'
import type { Site } from '../../site.ts'
import type { App } from '../../store/nouns/apps.ts'
import type { PendingRequest } from '../../store/nouns/requests.ts'
import type { LiveSession } from '../../store/nouns/sessions.ts'
import { consentForm, findStalePart, type ShownDialog, shownInDialog } from '../../ui/consent-form.ts'
import { formPurpose } from '../../ui/form.ts'
import { pageErrors } from '../../ui/page-errors.ts'
import { pageUrls } from '../../ui/page-urls.ts'
import { stepEndpoint } from '../../ui/step-endpoint.ts'
import { proceed } from '../authorize/proceed.ts'
import { checkStillRegistered } from '../authorize/request-checks.ts'
import { respondWithError } from '../authorize/respond.ts'
import { refusal, refuse } from '../errors/refusals.ts'
import { readTicket } from './resume.ts'

/** Handles the form of the permission dialog: allow or deny. The pages before the dialog can also post deny. */
export const consentEndpoint: Endpoint = {
  path: consentForm.action,
  methods: ['POST'],
  errors: pageErrors,
  async handle(incoming, site) {
    const form = await incoming.pageForm()
    const ticket = readTicket(form.get('ticket'))
    const browser = site.cookies.read(incoming, 'browser')
    const found = await findWaitingRequest(ticket, browser, site)
    const decision = form.get('decision')
    if (found.kind === 'over') return seeOther(pageAfter(found.pending, decision, ticket))
    if (found.kind !== 'waiting') return seeOther(pageUrls.signIn(ticket))
    const session = await resumeSession(site.cookies.read(incoming, 'session'), site)
    const { request, app, pending } = found
    checkStillRegistered(request, app, site)
    checkForm(incoming, form, site, [formPurpose(consentForm, ticket)])
    if (decision === 'deny') return deny(found, ticket, session, incoming, site)
    if (decision !== 'allow') refuse('consent.no-decision')
    const shown = await shownNow(found, session, site)
    // The session has ended, or no business is chosen, so that step comes first.
    if (!shown) return seeOther(pageUrls.resume(ticket))
    // What the person allowed is not what would be approved now, so they are asked again.
    const isCode = (purpose: string, code: string) => isCsrfToken(site.seal, browser!, purpose, code)
    const stale = findStalePart(form.get('shown'), ticket, shown, isCode)
    if (stale) return seeOther(pageUrls.consent(ticket, stale))
    return proceed({ request, app, session, waiting: { pending, ticket }, allowed: true, incoming }, site)
  },
}

export const consentStepEndpoint = stepEndpoint(consentForm.action)

/** Returns what the dialog shows now. Undefined if another step comes first. */
async function shownNow(
  { request, app, pending }: { request: AuthorizationRequest; app: App; pending: PendingRequest },
  session: LiveSession | undefined,
  site: Site,
): Promise<ShownDialog | undefined> {
  if (!session) return undefined
  const memberships = businessesFor(app, await site.store.staff.memberships(session.personUid))
  const membership = businessOf(request, pending.businessUid, memberships)
  if (!membership) return undefined
  const { personUid } = session
  const { businessUid } = membership
  return shownInDialog(app, { personUid, businessUid, permission: requestedPermission(request) }, site)
}

/**
 * Returns where to go with a late answer. The first one counts, and is sent again, because the second click of a double click cancels the way of
 * the first. A denial cannot take back an approval.
 */
function pageAfter({ sessionUid }: PendingRequest, decision: string | undefined, ticket: string): string {
  return decision === 'deny' && sessionUid !== null ? pageUrls.signIn(ticket) : pageUrls.resume(ticket)
}

async function deny(
  { request, app, pending }: { request: AuthorizationRequest; app: App; pending: PendingRequest },
  ticket: string,
  session: LiveSession | undefined,
  incoming: Incoming,
  site: Site,
): Promise<Answer> {
  const by = session ? personActor(session.personUid, incoming.reference) : anonymousActor(incoming.reference)
  const visitor = session ? undefined : visitorKey(incoming.address)
  if (!(await denyRequest(pending, request.pushed, visitor, by, site))) {
    const answered = await site.store.requests.find(pending.digest)
    return seeOther(answered ? pageAfter(answered, 'deny', ticket) : pageUrls.signIn(ticket))
  }
  return respondWithError({ ...request, isShown: true }, refusal('consent.denied'), app, incoming, site)
}
