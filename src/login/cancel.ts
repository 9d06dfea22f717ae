import { html } from 'hono/html'
import { appName } from '../ui/app-face.ts'
import { consentForm } from '../ui/consent-form.ts'
import { form } from '../ui/form.ts'
import { messageMarkup } from '../ui/message-markup.ts'
import type { Markup } from '../ui/page.ts'
import type { LoginVisit } from './visit.ts'

/** The button that goes back to the app from any step and denies the request. */
export function cancel(visit: LoginVisit): Markup | '' {
  const { t, waiting } = visit
  if (!waiting) return ''
  const label = messageMarkup(t, 'signIn.cancel', { app: appName(waiting.app) })
  return form(
    consentForm,
    visit,
    { about: waiting.ticket, class: 'cancel' },
    html`<button class="quiet" id="cancel" type="submit" name="decision" value="deny">${label}</button>`,
  )
}
