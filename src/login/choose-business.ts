import { html } from 'hono/html'
import { businessesFor } from '../domain/requests/authorization-request.ts'
import { checkForm, csrfToken } from '../http/csrf.ts'
import type { Incoming } from '../http/incoming.ts'
import { type Answer, seeOther } from '../http/reply.ts'
import { plainName } from '../kit/plain-name.ts'
import type { Site } from '../site.ts'
import type { Membership } from '../store/nouns/staff.ts'
import { roleName } from '../ui/account-line.ts'
import { appFace, appName } from '../ui/app-face.ts'
import { type Markup, page } from '../ui/layout.ts'
import type { Translate } from '../ui/messages/messages.ts'
import { accountFact } from './account-fact.ts'
import { cancel } from './cancel.ts'
import { openStep, resumeUrl, type SignedInVisit } from './visit.ts'

/** GET /login/business: asks for which of their businesses a person lets the app in. */
export async function showBusinesses(incoming: Incoming, site: Site): Promise<Answer> {
  const visit = await openStep(incoming.query.get('ticket'), incoming, site)
  return businessPage(visit, await businessesOf(visit, site), site)
}

/** POST /login/business: the choice. That the person belongs to the business is looked up anew. */
export async function chooseBusiness(incoming: Incoming, site: Site): Promise<Answer> {
  const form = await incoming.pageForm()
  const visit = await openStep(form.get('ticket'), incoming, site)
  const { ticket, digest } = visit.waiting
  checkForm(incoming, form, site.seal, visit.browser, purpose(ticket))
  const chosen = form.get('business')
  const businesses = await businessesOf(visit, site)
  if (!businesses.some((each) => each.businessUid === chosen)) return businessPage(visit, businesses, site, true)
  await site.store.requests.chooseBusiness(digest, chosen!, site.clock.now())
  return seeOther(resumeUrl(ticket))
}

async function businessesOf({ session, waiting }: SignedInVisit, { store }: Site): Promise<Membership[]> {
  return businessesFor(waiting.app, await store.staff.memberships(session.personUid))
}

function purpose(ticket: string): string {
  return `business ${ticket}`
}

function businessPage(visit: SignedInVisit, businesses: readonly Membership[], site: Site, isMissing = false): Answer {
  const { context, waiting, cookies, browser } = visit
  const { t } = context
  const { ticket, pending, request } = waiting
  const app = appName(waiting.app)
  const title = businesses.length > 0 ? t('business.title') : t('business.none.title')
  const sentence = businesses.length > 0 ? t('business.sentence', { app }) : t('business.none.sentence', { app })
  // What was chosen before, or asked for by the app; a guess of ours could be the wrong one unnoticed.
  const preselected = pending.businessUid ?? request.businessUid
  return page(
    context,
    { title, status: isMissing ? 400 : 200, cookies },
    html`<div class="opening">
${appFace(waiting)}
<h1>${title}</h1>
<p class="lead">${sentence}</p>
</div>
${isMissing ? html`<div class="problem" id="problem" role="alert" tabindex="-1">${t('business.missing')}</div>` : ''}
${
  businesses.length > 0
    ? html`<form method="post" action="/login/business" class="fields">
<input type="hidden" name="csrf" value="${csrfToken(site.seal, browser, purpose(ticket))}">
<input type="hidden" name="ticket" value="${ticket}">
<fieldset class="choices"${isMissing ? html` aria-describedby="problem"` : ''}>
<legend class="unseen">${t('business.list')}</legend>
${businesses.map((each) => choice(each, each.businessUid === preselected, t))}
</fieldset>
<button class="button primary" id="choose" type="submit">${t('business.submit')}</button>
</form>`
    : ''
}
<dl class="facts">
${accountFact(visit, site)}
</dl>
${cancel(visit, site)}`,
  )
}

function choice({ businessUid, businessName, role }: Membership, isChosen: boolean, t: Translate): Markup {
  return html`<label class="choice">
<input type="radio" name="business" value="${businessUid}" required${isChosen ? html` checked` : ''}>
<span class="choice-text"><span class="choice-name"><bdi>${plainName(businessName) || businessUid}</bdi></span>
<span class="choice-role">${roleName(role, t)}</span></span>
</label>`
}
