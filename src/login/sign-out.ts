import { html } from 'hono/html'
import { newEvent } from '../domain/events.ts'
import { checkForm, csrfToken } from '../http/csrf.ts'
import type { Incoming } from '../http/incoming.ts'
import { type Markup, page } from '../http/page/layout.ts'
import { plainName } from '../http/page/plain-name.ts'
import { seeOther } from '../http/reply.ts'
import type { Site } from '../site.ts'
import { openVisit, type Visit } from './visit.ts'

const PURPOSE = 'logout'

/** GET /logout: asks first, because any page can send a browser here. */
export async function showSignOut(incoming: Incoming, site: Site): Promise<Response> {
  const visit = await openVisit(undefined, incoming, site)
  if (visit instanceof Response) return visit
  const { look, session, cookies } = visit
  if (!session) return seeOther('/signed-out')
  const { say } = look
  return page(
    look,
    { title: say('signOut.title'), cookies },
    html`<h1>${say('signOut.title')}</h1>
<p class="lead">${say('signOut.sentence', { name: plainName(session.name) || session.email })}</p>
<div class="decision">
<a class="button" id="stay" href="/signed-in">${say('signOut.stay')}</a>
${signOutForm(visit, site, true)}
</div>`,
  )
}

/** POST /logout: ends the session, here and in the database. */
export async function signOut(incoming: Incoming, site: Site): Promise<Response> {
  const form = await incoming.pageForm()
  const visit = await openVisit(undefined, incoming, site)
  if (visit instanceof Response) return visit
  checkForm(incoming, form, site.seal, visit.browser, PURPOSE)
  const { session } = visit
  if (session) {
    const now = site.clock.now()
    const facts = { actor: `person:${session.personUid}`, subject: session.personUid, reference: incoming.reference }
    await site.store.sessions.end(session.digest, now, newEvent('logout.done', now, facts))
  }
  return seeOther('/signed-out', [site.cookies.clear('session')])
}

/** GET /signed-out. */
export async function showSignedOut(incoming: Incoming, site: Site): Promise<Response> {
  const look = await site.look(incoming)
  const { say } = look
  return page(
    look,
    { title: say('signedOut.title') },
    html`<h1>${say('signedOut.title')}</h1>
<p class="lead">${say('signedOut.sentence')}</p>
<p class="actions"><a class="button" id="sign-in-again" href="/login">${say('signedOut.again')}</a></p>`,
  )
}

/** The form with the one button that signs out. */
export function signOutForm({ look: { say }, browser }: Visit, { seal }: Site, isMain = false): Markup {
  return html`<form method="post" action="/logout">
<input type="hidden" name="csrf" value="${csrfToken(seal, browser, PURPOSE)}">
<button class="button${isMain ? ' primary' : ''}" id="sign-out" type="submit">${say('signOut.submit')}</button>
</form>`
}
