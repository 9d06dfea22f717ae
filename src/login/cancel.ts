import { html } from 'hono/html'
import { denyPurpose } from '../domain/requests/consent-purpose.ts'
import { csrfToken } from '../http/csrf.ts'
import type { Site } from '../site.ts'
import { appName } from '../ui/app-face.ts'
import type { Markup } from '../ui/layout.ts'
import type { Visit } from './visit.ts'

/** The way back to the app from any step, without allowing it anything. */
export function cancel({ context: { t }, waiting, browser }: Visit, { seal }: Site): Markup | string {
  if (!waiting) return ''
  const { ticket, app } = waiting
  return html`<form method="post" action="/oauth/consent" class="cancel">
<input type="hidden" name="csrf" value="${csrfToken(seal, browser, denyPurpose(ticket))}">
<input type="hidden" name="ticket" value="${ticket}">
<button class="quiet" id="cancel" type="submit" name="decision" value="deny">${t('signIn.cancel', { app: appName(app) })}</button>
</form>`
}
