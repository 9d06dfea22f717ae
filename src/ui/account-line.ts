import { html } from 'hono/html'
import { plainName } from '../kit/plain-name.ts'
import type { Markup } from './page.ts'

/** A person in one line: the initial, the name (or the label of a button that shows them), and the email address below. */
export function accountLine({ name, email }: { name: string; email: string }, label?: Markup): Markup {
  const shown = plainName(name) || email
  return html`<span class="initial" aria-hidden="true">${[...shown][0]!.toUpperCase()}</span>
<span class="account-text"><span class="account-name">${label ?? html`<bdi translate="no">${shown}</bdi>`}</span>
<span class="account-email"><bdi translate="no">${email}</bdi></span></span>`
}
