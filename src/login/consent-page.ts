import { html } from 'hono/html'
import { returnsTo } from '../domain/apps/redirect-uri.ts'
import type { ScopeDescription } from '../domain/tokens/scopes.ts'
import type { Answer } from '../http/reply.ts'
import { plainName } from '../kit/plain-name.ts'
import type { Membership } from '../store/nouns/staff.ts'
import { accountFact } from '../ui/account-fact.ts'
import { appName } from '../ui/app-face.ts'
import { appLinks } from '../ui/app-links.ts'
import { WARNING_ID } from '../ui/app-warning.ts'
import { consentForm, type DialogPart } from '../ui/consent-form.ts'
import { form, hidden } from '../ui/form.ts'
import { messageMarkup } from '../ui/message-markup.ts'
import type { Translate } from '../ui/messages/messages.ts'
import { type Markup, page } from '../ui/page.ts'
import { pageUrls } from '../ui/page-urls.ts'
import { roleName } from '../ui/role-name.ts'
import { scopeList } from '../ui/scope-list.ts'
import type { StepVisit } from './visit.ts'

/** What the dialog shows, beside the request. */
export interface Dialog {
  membership: Membership
  /** Whether the person can choose another business. */
  hasOthers: boolean
  publisher: Markup
  face: Markup
  warning: Markup | undefined
  /** What the scopes of the request allow. */
  described: readonly ScopeDescription[]
  /** The scopes that the person allowed before. */
  before: readonly string[]
  /** The names of the resources that the tokens are for. */
  resources: readonly string[]
  /** The mark of what the dialog shows. */
  mark: string
  /** What has changed since the dialog was shown before; undefined at first. */
  again: DialogPart | undefined
}

/** The page of the permission dialog. */
export function consentPage(visit: StepVisit, dialog: Dialog): Answer {
  const { membership, hasOthers, publisher, face, warning, described, before, resources, mark, again } = dialog
  const { t, brand, waiting } = visit
  const { ticket, request } = waiting
  const app = appName(waiting.app)
  const business = plainName(membership.businessName) || membership.businessUid
  const names = { app, business }
  return page(
    visit,
    { title: t('consent.title', names) },
    html`${again === undefined ? '' : againNote(again, visit)}
<div class="opening">
<div class="app">
${face}
<p><bdi class="app-name" translate="no">${app}</bdi> <span class="app-publisher">${publisher}</span></p>
</div>
<h1>${messageMarkup(t, 'consent.title', names)}</h1>
</div>
${warning ?? ''}
${scopeList(visit, { described, before, app, business })}
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
  { about: ticket, class: 'decision decision-near' },
  html`${hidden('shown', mark)}
<button class="button" id="deny" type="submit" name="decision" value="deny">${t('consent.deny')}</button>
<button class="button primary" id="allow" type="submit" name="decision" value="allow"${warning === undefined ? '' : html` aria-describedby="${WARNING_ID}"`}>${t('consent.allow')}</button>`,
)}
<p class="small">${messageMarkup(t, 'consent.revoke', { app, brand: brand.name })}</p>`,
  )
}

/** Says why the dialog is shown again. */
function againNote(again: DialogPart, { t, session, waiting }: StepVisit): Markup {
  const app = appName(waiting.app)
  return html`<div class="note" id="again" role="status"><p>${messageMarkup(t, `consent.again.${again}`, { app, email: session.email })}</p></div>`
}

/** Shows the resources of the tokens, other than the platform itself. */
function resourceFact(resources: readonly string[], t: Translate): Markup {
  return html`<div class="fact fact-line" id="resources">
<dt>${t('consent.resources')}</dt>
<dd><span class="fact-value">${resources.map((name, index) => html`${index > 0 ? ', ' : ''}<bdi translate="no">${name}</bdi>`)}</span></dd>
</div>`
}
