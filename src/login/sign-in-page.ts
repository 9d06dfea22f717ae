import { html } from 'hono/html'
import { csrfToken } from '../http/csrf.ts'
import type { Answer } from '../http/reply.ts'
import { plainName } from '../kit/plain-name.ts'
import type { Site } from '../site.ts'
import { accountLine } from '../ui/account-line.ts'
import { appFace, appName } from '../ui/app-face.ts'
import { appLinks } from '../ui/app-links.ts'
import { type Markup, page } from '../ui/layout.ts'
import { cancel } from './cancel.ts'
import { signInPurpose, type Visit } from './visit.ts'

interface SignInPage {
  email: string
  problem?: 'wrong' | 'throttled'
  /** Seconds until the next try. */
  wait?: number
  /** Whether a signed-in person has to prove it once more. */
  again?: boolean
  /** Who may go on without a password. */
  account?: { name: string; email: string } | undefined
}

/** The page with the form for e-mail and password. */
export function signInPage(visit: Visit, site: Site, shown: SignInPage): Answer {
  const { context, waiting, cookies } = visit
  const { t } = context
  const app = waiting && appName(waiting.app)
  const csrf = csrfToken(site.seal, visit.browser, signInPurpose(waiting?.ticket))
  const ticket = waiting ? html`<input type="hidden" name="ticket" value="${waiting.ticket}">` : ''
  const hidden = html`<input type="hidden" name="csrf" value="${csrf}">${ticket}`
  const status = shown.problem === 'throttled' ? 429 : shown.problem ? 400 : 200
  const headers = shown.wait === undefined ? undefined : { 'retry-after': String(shown.wait) }
  return page(
    context,
    { title: t('signIn.title'), status, headers, cookies },
    html`<div class="opening">
${waiting ? appFace(waiting) : ''}
<h1>${t('signIn.title')}</h1>
<p class="lead">${app ? t('signIn.toContinue', { app }) : t('signIn.withoutApp', { brand: context.brand.name })}</p>
</div>
${shown.again ? html`<p class="note">${t('signIn.again')}</p>` : ''}
${shown.account ? continueAs(shown.account, hidden, visit) : ''}
${problem(visit, shown)}
${form(visit, shown, hidden)}
${waiting ? appLinks(waiting.app, context) : ''}
${cancel(visit, site)}`,
  )
}

function problem({ context: { t } }: Visit, { problem, wait = 0 }: SignInPage): Markup | string {
  if (!problem) return ''
  const sentence =
    problem === 'throttled' ? t('signIn.throttled', { minutes: Math.ceil(wait / 60) }) : t('signIn.wrong')
  return html`<div class="problem" id="problem" role="alert" tabindex="-1">${sentence}</div>`
}

function form({ context: { t } }: Visit, { email, problem, account }: SignInPage, hidden: Markup): Markup {
  const told = problem ? html` aria-describedby="problem"${problem === 'wrong' ? html` aria-invalid="true"` : ''}` : ''
  // The first thing to fill in has the focus, unless a button above it is the likelier choice.
  const focus = html` autofocus`
  return html`<form method="post" action="/login" class="fields">
${hidden}
<div class="field">
<label for="email">${t('signIn.email')}</label>
<input id="email" name="email" type="email" dir="ltr" value="${email}" autocomplete="username" autocapitalize="none" spellcheck="false" required${told}${!account && !email ? focus : ''}>
</div>
<div class="field">
<label for="password">${t('signIn.password')}</label>
<input id="password" name="password" type="password" autocomplete="current-password" required${told}${!account && email ? focus : ''}>
</div>
<button class="button primary" id="sign-in" type="submit">${t('signIn.submit')}</button>
</form>`
}

function continueAs(account: { name: string; email: string }, hidden: Markup, { context, waiting }: Visit): Markup {
  const { t } = context
  const label = t('signIn.continueAs', { name: plainName(account.name) || account.email })
  const tile = accountLine(account, label)
  return html`<div class="continue">
${
  waiting
    ? html`<form method="post" action="/login/continue">
${hidden}
<button class="account" id="continue" type="submit">${tile}</button>
</form>`
    : html`<a class="account" id="continue" href="/signed-in">${tile}</a>`
}
<p class="divider"><span>${t('signIn.otherAccount')}</span></p>
</div>`
}
