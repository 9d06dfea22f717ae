import { html } from 'hono/html'
import type { Answer } from '../http/reply.ts'
import { type Markup, page } from './page.ts'
import type { PageContext } from './page-context.ts'

/** The contents of an error page. */
export interface ErrorPage {
  status: number
  heading: string
  message: string | Markup
  /** Identifies the request to the person, the developer and the log. */
  reference: string
  /** The exact error, for a developer; in English. */
  detail?: string
  wayOut?: { href: string; label: string }
  headers?: Record<string, string>
}

/** An error page: what went wrong, whether anything was lost, and how to continue. */
export function errorPage(context: PageContext, shown: ErrorPage): Answer {
  const { status, heading, message, reference, detail, wayOut, headers } = shown
  const { t } = context
  return page(
    context,
    { title: heading, status, headers },
    html`<h1>${heading}</h1>
<p class="lead">${message}</p>
${wayOut ? html`<p class="actions"><a class="button primary" id="way-out" href="${wayOut.href}">${wayOut.label}</a></p>` : ''}
${detail ? html`<div class="detail"><p>${t('error.detail')}</p><p lang="en" dir="ltr">${detail}</p></div>` : ''}
<p class="reference">${t('error.reference')} <code id="reference" dir="ltr" translate="no">${reference}</code></p>`,
  )
}
