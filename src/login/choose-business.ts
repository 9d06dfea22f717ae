import { html } from 'hono/html'
import { businessesFor } from '../domain/requests/authorization-request.ts'
import { type Answer, seeOther } from '../http/reply.ts'
import { plainName } from '../kit/plain-name.ts'
import type { Site } from '../site.ts'
import type { Membership } from '../store/nouns/staff.ts'
import { accountFact } from '../ui/account-fact.ts'
import { appFace, appName, unverifiedLine } from '../ui/app-face.ts'
import { businessSearch, foundByName, readSearch, sortedByName } from '../ui/business-search.ts'
import { problemBox } from '../ui/field.ts'
import { type Form, form, hidden, openForm } from '../ui/form.ts'
import { messageMarkup } from '../ui/message-markup.ts'
import type { Translate } from '../ui/messages/messages.ts'
import { type Markup, page } from '../ui/page.ts'
import { pageEndpoint } from '../ui/page-endpoint.ts'
import { pageUrls } from '../ui/page-urls.ts'
import { roleName } from '../ui/role-name.ts'
import { cancel } from './cancel.ts'
import { openStep, type StepVisit } from './visit.ts'

const businessForm: Form = { action: pageUrls.chooseBusiness(), purpose: 'business', about: 'ticket' }

/** GET /login/business: asks which business the app should work with. */
export const showBusinessesEndpoint = pageEndpoint('GET', pageUrls.chooseBusiness(), async (incoming, site) => {
  const visit = await openStep(incoming.query.get('ticket'), incoming, site)
  return businessPage(visit, await businessesOf(visit, site), readSearch(incoming.query.get('search')))
})

/** POST /login/business: stores the choice, after checking again that the person belongs to the business. */
export const chooseBusinessEndpoint = pageEndpoint('POST', businessForm.action, async (incoming, site) => {
  const { visit, fields } = await openForm(businessForm, incoming, site, (ticket) =>
    openStep(ticket, incoming, site, 'answer-again'),
  )
  const { ticket, digest } = visit.waiting
  const chosen = fields.get('business')
  const businesses = await businessesOf(visit, site)
  if (!businesses.some((each) => each.businessUid === chosen))
    return businessPage(visit, businesses, readSearch(fields.get('search')), true)
  await site.store.requests.chooseBusiness(digest, chosen!, site.clock.now())
  return seeOther(pageUrls.resume(ticket))
})

async function businessesOf(visit: StepVisit, { store }: Site): Promise<Membership[]> {
  const { session, waiting } = visit
  return sortedByName(businessesFor(waiting.app, await store.staff.memberships(session.personUid)), visit)
}

function businessPage(
  visit: StepVisit,
  businesses: readonly Membership[],
  words: string | undefined,
  isMissing = false,
): Answer {
  const { t, waiting } = visit
  const { ticket, pending, request } = waiting
  const app = appName(waiting.app)
  const hasAny = businesses.length > 0
  const whyNone = waiting.app.businessUid === null ? 'business.none.message' : 'business.notThisOne.message'
  const title = hasAny ? t('business.title') : t('business.none.title')
  // The earlier choice, or the business that the app requested. No other default, because a wrong one could go unnoticed.
  const preselected = pending.businessUid ?? request.businessUid
  const found = words === undefined ? businesses : foundByName(businesses, words)
  const choices = html`${words === undefined ? '' : hidden('search', words)}
<fieldset class="choices"${isMissing ? html` aria-describedby="problem"` : ''}>
<legend class="unseen">${t('business.list')}</legend>
${found.map((each) => choice(each, each.businessUid === preselected, t))}
</fieldset>
<button class="button primary" id="choose" type="submit">${t('business.submit')}</button>`
  return page(
    visit,
    { title, hasProblem: isMissing, status: isMissing ? 400 : 200 },
    html`<div class="opening">
${appFace(waiting)}
<h1>${title}</h1>
<p class="lead">${messageMarkup(t, hasAny ? 'business.message' : whyNone, { app, email: visit.session.email })}</p>
${unverifiedLine(waiting.app, t)}
</div>
${problemBox(isMissing ? t('business.missing') : undefined)}
${businessSearch(visit, ticket, { count: businesses.length, words })}
${found.length > 0 ? form(businessForm, visit, { about: ticket, class: 'fields' }, choices) : hasAny ? noMatch(visit, ticket, words!) : ''}
<dl class="facts">
${accountFact(visit, ticket)}
</dl>
${cancel(visit)}`,
  )
}

function noMatch({ t }: StepVisit, ticket: string, words: string): Markup {
  return html`<p role="status">${messageMarkup(t, 'business.noMatch', { words })} <a href="${pageUrls.chooseBusiness(ticket)}">${t('business.all')}</a></p>`
}

function choice({ businessUid, businessName, role }: Membership, isChosen: boolean, t: Translate): Markup {
  return html`<div><label class="choice">
<input type="radio" name="business" value="${businessUid}" required${isChosen ? html` checked` : ''}>
<span class="choice-text"><span class="choice-name"><bdi translate="no">${plainName(businessName) || businessUid}</bdi></span>
<span class="choice-role">${roleName(role, t)}</span></span>
</label></div>`
}
