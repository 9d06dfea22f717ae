import { html } from 'hono/html'
import { findWayBack, openFarewell } from '../domain/people/farewell.ts'
import { endSession } from '../domain/people/session.ts'
import { checkForm, csrfToken } from '../http/csrf.ts'
import type { Incoming } from '../http/incoming.ts'
import { type Answer, seeOther } from '../http/reply.ts'
import { plainName } from '../kit/plain-name.ts'
import type { Site } from '../site.ts'
import { appName } from '../ui/app-face.ts'
import { type Markup, page } from '../ui/layout.ts'
import { pageContext } from '../ui/page-context.ts'
import { openVisit, type Visit } from './visit.ts'

/** GET /logout: asks first, because any page can send a browser here. With a `farewell` it says which app asks. */
export async function showSignOut(incoming: Incoming, site: Site): Promise<Answer> {
  const visit = await openVisit(undefined, incoming, site)
  const { session, cookies } = visit
  const sealed = incoming.query.get('farewell')
  const farewell = openFarewell(sealed, site)
  if (!session) return seeOther(signedOutUrl(farewell && sealed))
  const context = farewell ? await pageContext(incoming, site, farewell.locales) : visit.context
  const { t } = context
  const from = await findWayBack(farewell, site.store)
  const name = plainName(session.name) || session.email
  return page(
    context,
    { title: t('signOut.title'), cookies },
    html`<h1>${t('signOut.title')}</h1>
<p class="lead">${from ? t('signOut.forApp', { app: appName(from.app), name }) : t('signOut.sentence', { name })}</p>
<div class="decision">
<a class="button" id="stay" href="/signed-in">${t('signOut.stay')}</a>
${signOutForm({ ...visit, context }, site, { kind: 'main', sealed: farewell && sealed })}
</div>
${signOutForm({ ...visit, context }, site, { kind: 'everywhere', sealed: farewell && sealed })}`,
  )
}

/** POST /logout: ends the session, here and in the database, and leads back to the app if it asked for that. */
export async function signOut(incoming: Incoming, site: Site): Promise<Answer> {
  const form = await incoming.pageForm()
  const visit = await openVisit(undefined, incoming, site)
  const sealed = form.get('farewell')
  checkForm(incoming, form, site.seal, visit.browser, purpose(sealed))
  const farewell = openFarewell(sealed, site)
  if (visit.session) {
    const everywhere = form.get('everywhere') !== undefined
    const facts = { reference: incoming.reference, appUid: farewell?.appUid ?? null, everywhere }
    await endSession(visit.session, facts, site)
  }
  const wayBack = await findWayBack(farewell, site.store)
  return seeOther(wayBack?.url ?? signedOutUrl(farewell && sealed), [site.cookies.clear('session')])
}

/** GET /signed-out. Whoever was sent by an app finds the way back to it. */
export async function showSignedOut(incoming: Incoming, site: Site): Promise<Answer> {
  const farewell = openFarewell(incoming.query.get('farewell'), site)
  const context = await pageContext(incoming, site, farewell?.locales)
  const { t } = context
  const back = await findWayBack(farewell, site.store)
  const toApp = back?.url
    ? html`<a class="button primary" id="back" href="${back.url}">${t('signedOut.back', { app: appName(back.app) })}</a>`
    : ''
  return page(
    context,
    { title: t('signedOut.title') },
    html`<h1>${t('signedOut.title')}</h1>
<p class="lead">${t('signedOut.sentence')}</p>
<p class="actions">${toApp} <a class="button" id="sign-in-again" href="/login">${t('signedOut.again')}</a></p>`,
  )
}

const BUTTONS = {
  plain: { id: 'sign-out', style: 'button', word: 'signOut.submit' },
  main: { id: 'sign-out', style: 'button primary', word: 'signOut.submit' },
  everywhere: { id: 'sign-out-everywhere', style: 'quiet', word: 'signOut.everywhere' },
} as const

/** The form with the one button that signs out, here or wherever the person is signed in. */
export function signOutForm(
  { context: { t }, browser }: Visit,
  { seal }: Site,
  { kind = 'plain', sealed }: { kind?: keyof typeof BUTTONS; sealed?: string | undefined } = {},
): Markup {
  const { id, style, word } = BUTTONS[kind]
  const field = (name: string, value: string) => html`<input type="hidden" name="${name}" value="${value}">`
  return html`<form method="post" action="/logout"${kind === 'everywhere' ? html` class="cancel"` : ''}>
${field('csrf', csrfToken(seal, browser, purpose(sealed)))}
${sealed === undefined ? '' : field('farewell', sealed)}
${kind === 'everywhere' ? field('everywhere', 'yes') : ''}
<button class="${style}" id="${id}" type="submit">${t(word)}</button>
</form>`
}

/** A form that was shown for one app's wish leads to no other's address. */
function purpose(sealed: string | undefined): string {
  return sealed === undefined ? 'logout' : `logout ${sealed}`
}

function signedOutUrl(sealed: string | undefined): string {
  return sealed === undefined ? '/signed-out' : `/signed-out?farewell=${sealed}`
}
