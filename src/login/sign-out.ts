import { html } from 'hono/html'
import { personActor } from '../domain/audit/actor.ts'
import { findWayBack, unsealLogoutRequest } from '../domain/people/logout-request.ts'
import { endSession } from '../domain/people/session.ts'
import { seeOther } from '../http/reply.ts'
import { plainName } from '../kit/plain-name.ts'
import { appName } from '../ui/app-face.ts'
import { type Form, form, hidden, openForm } from '../ui/form.ts'
import { messageMarkup } from '../ui/message-markup.ts'
import { type Markup, page } from '../ui/page.ts'
import { pageContext } from '../ui/page-context.ts'
import { pageEndpoint } from '../ui/page-endpoint.ts'
import { pageUrls } from '../ui/page-urls.ts'
import { openVisit, type Visit } from '../ui/visit.ts'

/** Signs out. It is bound to the logout request, so that a form for one app's request never redirects to another app. */
const signOutForm: Form = { action: pageUrls.signOut(), purpose: 'logout', about: 'logout_request' }

/** GET /logout: asks first, because any page can send a browser here. With a `logout_request` it says which app asks. */
export const showSignOutEndpoint = pageEndpoint('GET', pageUrls.signOut(), async (incoming, site) => {
  const sealed = incoming.query.get('logout_request')
  const request = unsealLogoutRequest(sealed, site)
  const visit = await openVisit(incoming, site, request?.locales)
  const { t, session } = visit
  if (!session) return seeOther(pageUrls.signedOut(request && sealed))
  const from = await findWayBack(request, site)
  const name = plainName(session.name) || session.email
  return page(
    visit,
    { title: t('signOut.title') },
    html`<h1>${t('signOut.title')}</h1>
<p class="lead">${from ? messageMarkup(t, 'signOut.forApp', { app: appName(from.app), name }) : messageMarkup(t, 'signOut.message', { name })}</p>
<div class="decision">
<a class="button" id="stay" href="${pageUrls.signedIn()}">${t('signOut.stay')}</a>
${signOutButton(visit, 'main', request && sealed)}
</div>
${signOutButton(visit, 'everywhere', request && sealed)}`,
  )
})

/** POST /logout: ends the session, and redirects to the app if it asked for that. */
export const signOutEndpoint = pageEndpoint('POST', signOutForm.action, async (incoming, site) => {
  const { visit, fields } = await openForm(signOutForm, incoming, site, () => openVisit(incoming, site))
  const sealed = fields.get('logout_request')
  const request = unsealLogoutRequest(sealed, site)
  if (visit.session) {
    const everywhere = fields.get('everywhere') !== undefined
    const by = personActor(visit.session.personUid, incoming.reference)
    await endSession(visit.session, { appUid: request?.appUid, everywhere }, by, site)
  }
  const wayBack = await findWayBack(request, site)
  return seeOther(wayBack?.url ?? pageUrls.signedOut(request && sealed), [site.cookies.clear('session')])
})

/** GET /signed-out. Shows a button back to the app that asked for the sign-out, if any. */
export const showSignedOutEndpoint = pageEndpoint('GET', pageUrls.signedOut(), async (incoming, site) => {
  const request = unsealLogoutRequest(incoming.query.get('logout_request'), site)
  const context = await pageContext(incoming, site, request?.locales)
  const { t } = context
  const back = await findWayBack(request, site)
  const toApp = back?.url
    ? html`<a class="button primary" id="back" href="${back.url}"><span>${messageMarkup(t, 'signedOut.back', { app: appName(back.app) })}</span></a>`
    : ''
  return page(
    context,
    { title: t('signedOut.title') },
    html`<h1>${t('signedOut.title')}</h1>
<p class="lead">${t('signedOut.message')}</p>
<p class="actions">${toApp} <a class="button" id="sign-in-again" href="${pageUrls.signIn()}">${t('signedOut.again')}</a></p>`,
  )
})

const BUTTONS = {
  plain: { id: 'sign-out', style: 'button', label: 'signOut.submit' },
  main: { id: 'sign-out', style: 'button primary', label: 'signOut.submit' },
  everywhere: { id: 'sign-out-everywhere', style: 'quiet', label: 'signOut.everywhere' },
} as const

/** The form with the button that signs out, in this browser or everywhere. `sealed` is the logout request, if any. */
export function signOutButton(visit: Visit, kind: keyof typeof BUTTONS, sealed?: string): Markup {
  const { id, style, label } = BUTTONS[kind]
  const isEverywhere = kind === 'everywhere'
  return form(
    signOutForm,
    visit,
    { about: sealed, ...(isEverywhere && { class: 'cancel' }) },
    html`${isEverywhere ? hidden('everywhere', 'yes') : ''}
<button class="${style}" id="${id}" type="submit">${visit.t(label)}</button>`,
  )
}
