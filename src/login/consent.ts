import { findImitatedName } from '../domain/apps/imitated-name.ts'
import { consentHost } from '../domain/installs/consent-host.ts'
import { allowedBefore } from '../domain/requests/allowed-before.ts'
import {
  type AuthorizationRequest,
  businessesFor,
  businessOf,
  requestedPermission,
} from '../domain/requests/authorization-request.ts'
import { requestedScopes } from '../domain/tokens/claims.ts'
import { visitorKey } from '../http/address.ts'
import { seeOther } from '../http/reply.ts'
import { plainName } from '../kit/plain-name.ts'
import type { Site } from '../site.ts'
import { appFace } from '../ui/app-face.ts'
import { appOriginLine } from '../ui/app-origin.ts'
import { appWarning } from '../ui/app-warning.ts'
import { DIALOG_PARTS, dialogMark, shownInDialog } from '../ui/consent-form.ts'
import { pageEndpoint } from '../ui/page-endpoint.ts'
import { pageUrls } from '../ui/page-urls.ts'
import { consentPage } from './consent-page.ts'
import { openStep } from './visit.ts'

/**
 * GET /login/consent: the permission dialog. It shows everything that the approval covers, and the mark of its form is valid for exactly that. The
 * answer is posted to the OAuth room, which leads back here if anything has changed (`again`).
 */
export const showConsentEndpoint = pageEndpoint('GET', pageUrls.consent(), async (incoming, site) => {
  const visit = await openStep(incoming.query.get('ticket'), incoming, site)
  const { request, pending, app, ticket } = visit.waiting
  const businesses = businessesFor(app, await site.store.staff.memberships(visit.session.personUid))
  const membership = businessOf(request, pending.businessUid, businesses)
  if (!membership) return seeOther(pageUrls.resume(ticket))
  const { personUid } = visit.session
  const { businessUid } = membership
  const covered = { personUid, businessUid, permission: requestedPermission(request) }
  const [publisher, imitated, logo, install, consent, resources, shown] = await Promise.all([
    appOriginLine(app, visit, site),
    findImitatedName(app, [visit.brand.name, site.config.name], membership.directoryUid, site),
    site.appLogos.find(app, visitorKey(incoming.address)),
    site.store.installs.findLive(app.uid, businessUid),
    site.store.installs.findConsent(personUid, app.uid, businessUid, consentHost(app, request.redirectUri)),
    resourceNames(request, site),
    shownInDialog(app, covered, site),
  ])
  return consentPage(visit, {
    membership,
    hasOthers: businesses.length > 1,
    publisher,
    face: appFace({ app, logo: imitated ? undefined : logo }),
    warning: appWarning(app, request, imitated, visit),
    described: site.scopes.describe(requestedScopes(request), visit.language),
    before: allowedBefore(request, install, consent),
    resources,
    mark: dialogMark(ticket, shown, visit.csrf),
    again: DIALOG_PARTS.find((part) => part === incoming.query.get('again')),
  })
})

/** Returns the names of the resources that the tokens are for, without the platform's own API. */
async function resourceNames({ resources }: AuthorizationRequest, { store, config }: Site): Promise<readonly string[]> {
  const named = resources.filter((each) => each !== config.issuer)
  const found = await Promise.all(named.map((each) => store.resources.findLive(each)))
  return named.map((each, index) => plainName(found[index]?.name ?? '') || new URL(each).host || each)
}
