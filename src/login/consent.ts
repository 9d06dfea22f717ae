import { html } from 'hono/html'
import { findImitatedName } from '../domain/apps/imitated-name.ts'
import { returnsTo } from '../domain/apps/redirect-uri.ts'
import {
  type AuthorizationRequest,
  businessesFor,
  businessOf,
  requestedPermission,
} from '../domain/requests/authorization-request.ts'
import { requestedScopes } from '../domain/tokens/claims.ts'
import { visitorKey } from '../http/address.ts'
import { type Answer, seeOther } from '../http/reply.ts'
import { plainName } from '../kit/plain-name.ts'
import type { Site } from '../site.ts'
import type { Membership } from '../store/nouns/staff.ts'
import { accountFact } from '../ui/account-fact.ts'
import { appFace, appName } from '../ui/app-face.ts'
import { appLinks } from '../ui/app-links.ts'
import { appOriginLine } from '../ui/app-origin.ts'
import { appWarning, WARNING_ID } from '../ui/app-warning.ts'
import { consentForm, shownInDialog } from '../ui/consent-form.ts'
import { form } from '../ui/form.ts'
import { messageMarkup } from '../ui/message-markup.ts'
import type { Translate } from '../ui/messages/messages.ts'
import { type Markup, page } from '../ui/page.ts'
import { pageEndpoint } from '../ui/page-endpoint.ts'
import { pageUrls } from '../ui/page-urls.ts'
import { roleName } from '../ui/role-name.ts'
import { openStep, type StepVisit } from './visit.ts'

/**
 * GET /login/consent: the permission dialog. It shows everything that the approval covers, and the CSRF token of its form is valid for
 * exactly that. The answer is posted to the OAuth room.
 */
export const showConsentEndpoint = pageEndpoint('GET', pageUrls.consent(), async (incoming, site) => {
  const visit = await openStep(incoming.query.get('ticket'), incoming, site)
  const { request, pending, app, ticket } = visit.waiting
  const businesses = businessesFor(app, await site.store.staff.memberships(visit.session.personUid))
  const membership = businessOf(request, pending.businessUid, businesses)
  if (!membership) return seeOther(pageUrls.resume(ticket))
  const covered = {
    personUid: visit.session.personUid,
    businessUid: membership.businessUid,
    permission: requestedPermission(request),
  }
  const [publisher, imitated, logo, resources, shown] = await Promise.all([
    appOriginLine(app, visit, site),
    findImitatedName(app, [visit.brand.name, site.config.name], membership.directoryUid, site),
    site.appLogos.find(app, visitorKey(incoming.address)),
    resourceNames(request, site),
    shownInDialog(app, covered, site),
  ])
  const face = appFace({ app, logo: imitated ? undefined : logo })
  const warning = appWarning(app, request, imitated, visit)
  const dialog = { membership, hasOthers: businesses.length > 1, publisher, face, warning, resources, shown }
  return consentPage(visit, dialog, site)
})

interface Dialog {
  membership: Membership
  /** Whether the person can choose another business. */
  hasOthers: boolean
  publisher: Markup
  face: Markup
  warning: Markup | undefined
  /** The names of the resources that the tokens are for. */
  resources: readonly string[]
  /** What the CSRF token of the form is made for. */
  shown: readonly string[]
}

function consentPage(visit: StepVisit, dialog: Dialog, site: Site): Answer {
  const { membership, hasOthers, publisher, face, warning, resources, shown } = dialog
  const { t, brand, waiting } = visit
  const { ticket, request } = waiting
  const app = appName(waiting.app)
  const business = plainName(membership.businessName) || membership.businessUid
  const names = { app, business }
  return page(
    visit,
    { title: t('consent.title', names) },
    html`<div class="opening">
<div class="app">
${face}
<p><bdi class="app-name" translate="no">${app}</bdi> <span class="app-publisher">${publisher}</span></p>
</div>
<h1>${messageMarkup(t, 'consent.title', names)}</h1>
</div>
${warning ?? ''}
${scopeList(visit, app, business, site)}
<dl class="facts">
<div class="fact">
<dt>${t('consent.business')}</dt>
<dd><span class="fact-value"><bdi translate="no">${business}</bdi></span> <span class="fact-note">${roleName(membership.role, t)}</span></dd>
${hasOthers ? html`<dd class="fact-way"><a class="quiet" id="change-business" href="${pageUrls.chooseBusiness(ticket)}">${t('consent.changeBusiness')}</a></dd>` : ''}
</div>
${accountFact(visit, ticket)}
${resources.length > 0 ? resourceFact(resources, t) : ''}
<div class="fact fact-line">
<dt>${t('consent.returnsTo')}</dt>
<dd><span class="fact-value" id="returns-to"><bdi translate="no">${returnsTo(request.redirectUri)}</bdi></span></dd>
</div>
</dl>
${appLinks(waiting.app, visit)}
${form(
  consentForm,
  visit,
  { about: ticket, shown, class: 'decision' },
  html`<button class="button" id="deny" type="submit" name="decision" value="deny">${t('consent.deny')}</button>
<button class="button primary" id="allow" type="submit" name="decision" value="allow"${warning === undefined ? '' : html` aria-describedby="${WARNING_ID}"`}>${t('consent.allow')}</button>`,
)}
<p class="small">${messageMarkup(t, 'consent.revoke', { app, brand: brand.name })}</p>`,
  )
}

/** Returns the names of the resources that the tokens are for, without the platform's own API. */
async function resourceNames({ resources }: AuthorizationRequest, { store, config }: Site): Promise<readonly string[]> {
  const named = resources.filter((each) => each !== config.issuer)
  const found = await Promise.all(named.map((each) => store.resources.findLive(each)))
  return named.map((each, index) => plainName(found[index]?.name ?? '') || new URL(each).host || each)
}

/** Shows the resources of the tokens, other than the platform itself. */
function resourceFact(resources: readonly string[], t: Translate): Markup {
  return html`<div class="fact fact-line" id="resources">
<dt>${t('consent.resources')}</dt>
<dd><span class="fact-value">${resources.map((name, index) => html`${index > 0 ? ', ' : ''}<bdi translate="no">${name}</bdi>`)}</span></dd>
</div>`
}

function scopeList({ t, language, waiting }: StepVisit, app: string, business: string, { scopes }: Site): Markup {
  const known = scopes.describe(requestedScopes(waiting.request), language)
  const descriptions =
    known.length > 0 ? known : [{ description: messageMarkup(t, 'consent.scopes.none', { business }), language }]
  return html`<section class="scopes">
<h2>${messageMarkup(t, 'consent.scopes', { app })}</h2>
<ul>
${descriptions.map((each) => html`<li><bdi lang="${each.language}">${each.description}</bdi></li>`)}
</ul>
</section>`
}
