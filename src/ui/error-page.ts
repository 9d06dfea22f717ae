import { html } from 'hono/html'
import type { Answer } from '../http/reply.ts'
import { page } from './layout.ts'
import type { PageContext } from './page-context.ts'

/** What an error page says. */
export interface Trouble {
  status: number
  heading: string
  sentence: string
  /** Names the request, so that a person, a developer and the log can talk about the same thing. */
  reference: string
  /** What exactly was wrong, for a developer; in English. */
  detail?: string
  wayOut?: { href: string; label: string }
  headers?: Record<string, string>
}

/** A page that says what went wrong, whether anything was lost, and how to go on. */
export function errorPage(context: PageContext, trouble: Trouble): Answer {
  const { status, heading, sentence, reference, detail, wayOut, headers } = trouble
  const { t } = context
  return page(
    context,
    { title: heading, status, headers },
    html`<h1>${heading}</h1>
<p class="lead">${sentence}</p>
${wayOut ? html`<p class="actions"><a class="button primary" id="way-out" href="${wayOut.href}">${wayOut.label}</a></p>` : ''}
${detail ? html`<div class="detail"><p>${t('error.detail')}</p><p lang="en" dir="ltr">${detail}</p></div>` : ''}
<p class="reference">${t('error.reference')} <code id="reference" dir="ltr">${reference}</code></p>`,
  )
}
