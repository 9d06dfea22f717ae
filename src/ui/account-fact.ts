import { html } from 'hono/html'
import { plainName } from '../kit/plain-name.ts'
import { type Form, form } from './form.ts'
import type { Markup } from './page.ts'
import { pageUrls } from './page-urls.ts'
import type { SignedInVisit } from './visit.ts'

/** Asks for another account in the middle of a request; the session stays until another one begins. */
export const switchForm: Form = { action: pageUrls.leaveAccount(), purpose: 'login', about: 'ticket' }

/** Shows who is signed in, with a button to use another account for the request of this ticket. */
export function accountFact(visit: SignedInVisit, ticket: string): Markup {
  const { t, session } = visit
  return html`<div class="fact">
<dt>${t('consent.person')}</dt>
<dd><span class="fact-value"><bdi translate="no">${plainName(session.name) || session.email}</bdi></span> <span class="fact-note"><bdi translate="no">${session.email}</bdi></span></dd>
<dd class="fact-way">${form(
    switchForm,
    visit,
    { about: ticket },
    html`<button class="quiet" id="switch" type="submit">${t('consent.switch')}</button>`,
  )}</dd>
</div>`
}
