import { html } from 'hono/html'
import { csrfToken } from '../http/csrf.ts'
import type { Site } from '../site.ts'
import type { Markup } from '../ui/layout.ts'
import { type SignedInVisit, signInPurpose } from './visit.ts'

/** The way to another account, in the middle of a request. */
export function switchForm({ context: { t }, waiting, browser }: SignedInVisit, { seal }: Site): Markup {
  return html`<form method="post" action="/login/switch">
<input type="hidden" name="csrf" value="${csrfToken(seal, browser, signInPurpose(waiting.ticket))}">
<input type="hidden" name="ticket" value="${waiting.ticket}">
<button class="quiet" id="switch" type="submit">${t('consent.switch')}</button>
</form>`
}
