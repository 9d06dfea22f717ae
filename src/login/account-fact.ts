import { html } from 'hono/html'
import { plainName } from '../kit/plain-name.ts'
import type { Site } from '../site.ts'
import type { Markup } from '../ui/layout.ts'
import { switchForm } from './switch-form.ts'
import type { SignedInVisit } from './visit.ts'

/** Who is signed in, and the way to another account. */
export function accountFact(visit: SignedInVisit, site: Site): Markup {
  const { context, session } = visit
  return html`<div class="fact">
<dt>${context.t('consent.person')}</dt>
<dd><span class="fact-value"><bdi>${plainName(session.name) || session.email}</bdi></span> <span class="fact-note"><bdi>${session.email}</bdi></span></dd>
<dd class="fact-way">${switchForm(visit, site)}</dd>
</div>`
}
