import { html } from 'hono/html'
import type { Answer } from '../http/reply.ts'
import type { App } from '../store/nouns/apps.ts'
import { unverifiedLine } from './app-face.ts'
import { messageMarkup } from './message-markup.ts'
import { type Markup, page } from './page.ts'
import type { PageContext } from './page-context.ts'

/** The contents of an error page. */
export interface ErrorPage {
  status: number
  heading: string
  message: string | Markup
  /** Identifies the request to the person, the developer and the log. */
  reference: string
  /** The app that the error is about. */
  app?: App | undefined
  /** Whether to try the same request again can help. */
  mayRetry?: boolean
  /** The exact error, for a developer; in English. */
  detail?: string
  wayOut?: { href: string; label: string }
  headers?: Record<string, string>
}

/** An error page: what went wrong, whether anything was lost, how to continue, and the code for the support. */
export function errorPage(context: PageContext, shown: ErrorPage): Answer {
  const { status, heading, message, reference, app, mayRetry, detail, headers } = shown
  const { t } = context
  // An empty address is that of this page.
  const wayOut = shown.wayOut ?? (mayRetry ? { href: '', label: t('error.retry') } : undefined)
  return page(
    context,
    { title: heading, status, headers },
    html`<h1>${heading}</h1>
<p class="lead">${message}</p>
${app ? unverifiedLine(app, t) : ''}
${wayOut ? html`<p class="actions"><a class="button primary" id="way-out" href="${wayOut.href}">${wayOut.label}</a></p>` : ''}
<p class="reference">${t('error.reference')} <code id="reference" dir="ltr" translate="no">${reference}</code>${support(context, app)}</p>
${detail ? html`<div class="detail"><p>${t('error.detail')}</p><p lang="en" dir="ltr">${detail}</p></div>` : ''}`,
  )
}

/** Says whom to give the code to: the message says it if an app is to blame, and otherwise it is the owner of the pages. */
function support({ t, brand }: PageContext, app: App | undefined): Markup | '' {
  if (app || !brand.supportUrl) return ''
  return html` · <a id="support" href="${brand.supportUrl}" rel="noreferrer noopener">${messageMarkup(t, 'page.support', { brand: brand.name })}</a>`
}
