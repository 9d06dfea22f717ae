import { html } from 'hono/html'
import type { Translate } from './messages/messages.ts'
import type { Markup } from './page.ts'

/** Marks a link that opens a new tab: an arrow to see, and words to hear. It stands at the end of the link. */
export function newTab(t: Translate): Markup {
  return html`<span class="unseen">${t('page.newTab')}</span><svg class="new-tab" viewBox="0 0 16 16" aria-hidden="true" focusable="false"><path d="M4.5 11.5l7-7M6 4.5h5.5V10"/></svg>`
}
