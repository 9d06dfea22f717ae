import { html } from 'hono/html'
import type { Translate } from './messages/messages.ts'
import type { Markup } from './page.ts'

/** Marks a link that opens a new tab: an arrow to see, and words to hear. It stands at the end of the link. */
export function newTab(t: Translate): Markup {
  return html`<span class="unseen">${t('page.newTab')}</span><span class="new-tab" aria-hidden="true"></span>`
}
