import { html } from 'hono/html'
import type { Answer } from '../http/reply.ts'
import { plainName } from '../kit/plain-name.ts'
import { accountLine } from '../ui/account-line.ts'
import { appFace, appName, unverifiedLine } from '../ui/app-face.ts'
import { appLinks } from '../ui/app-links.ts'
import { field, problemBox } from '../ui/field.ts'
import { type Form, form } from '../ui/form.ts'
import { messageMarkup } from '../ui/message-markup.ts'
import { type Markup, page } from '../ui/page.ts'
import { pageUrls } from '../ui/page-urls.ts'
import { showPasswordUrl } from '../ui/show-password.ts'
import { timeText } from '../ui/time-text.ts'
import { cancel } from './cancel.ts'
import { continueForm } from './continue-as.ts'
import type { LoginVisit } from './visit.ts'

export const signInForm: Form = { action: pageUrls.signIn(), purpose: 'login', about: 'ticket' }

interface SignInPage {
  email: string
  problem?: 'wrong' | 'throttled'
  /** Seconds until the next try. */
  wait?: number
  /** Whether a signed-in person has to sign in again. */
  again?: boolean
  /** The account that may continue without a password. */
  account?: { name: string; email: string } | undefined
}

/** The page with the form for email and password. */
export function signInPage(visit: LoginVisit, shown: SignInPage): Answer {
  const { t, brand, language, waiting } = visit
  const { email, problem, wait, again, account } = shown
  const app = waiting && appName(waiting.app)
  const status = problem === 'throttled' ? 429 : problem ? 400 : 200
  const headers = wait === undefined ? undefined : { 'retry-after': String(wait) }
  const wrong = problem && { 'aria-describedby': 'problem', 'aria-invalid': problem === 'wrong' && 'true' }
  return page(
    visit,
    { title: t('signIn.title'), hasProblem: problem !== undefined, status, headers, script: showPasswordUrl },
    html`<div class="opening">
${waiting ? appFace(waiting) : ''}
<h1>${t('signIn.title')}</h1>
<p class="lead">${app ? messageMarkup(t, 'signIn.toContinue', { app }) : messageMarkup(t, 'signIn.withoutApp', { brand: brand.name })}</p>
${waiting ? unverifiedLine(waiting.app, t) : ''}
</div>
${again ? html`<p class="note">${t('signIn.again')}</p>` : ''}
${account ? continueAs(account, visit) : ''}
${problemBox(problem === 'throttled' ? t('signIn.throttled', { time: timeText(wait ?? 0, language) }) : problem && t('signIn.wrong'))}
${form(
  signInForm,
  visit,
  { about: waiting?.ticket, class: 'fields' },
  // The first empty field has the focus, unless there is a button to continue above it.
  html`${field('email', t('signIn.email'), {
    // Not `type="email"`: browsers refuse letters that addresses may have, such as жан@example.com.
    type: 'text',
    inputmode: 'email',
    dir: 'ltr',
    value: email,
    autocomplete: 'username',
    autocapitalize: 'none',
    autocorrect: 'off',
    spellcheck: 'false',
    required: true,
    ...wrong,
    autofocus: !account && !email,
  })}
${field('password', t('signIn.password'), {
  type: 'password',
  autocomplete: 'current-password',
  autocapitalize: 'none',
  spellcheck: 'false',
  'data-show': t('signIn.showPassword'),
  required: true,
  ...wrong,
  autofocus: !account && email !== '',
})}
<button class="${account ? 'button' : 'button primary'}" id="sign-in" type="submit">${t('signIn.submit')}</button>`,
)}
${waiting ? appLinks(waiting.app, visit) : ''}
${cancel(visit)}`,
  )
}

function continueAs(account: { name: string; email: string }, visit: LoginVisit): Markup {
  const { t, waiting } = visit
  const tile = accountLine(
    account,
    messageMarkup(t, 'signIn.continueAs', { name: plainName(account.name) || account.email }),
  )
  const button = html`<button class="account primary" id="continue" type="submit">${tile}</button>`
  return html`<div class="continue">
${
  waiting
    ? form(continueForm, visit, { about: waiting.ticket }, button)
    : html`<a class="account primary" id="continue" href="${pageUrls.signedIn()}">${tile}</a>`
}
<p class="divider"><span>${t('signIn.otherAccount')}</span></p>
</div>`
}
