import type { Incoming } from '../http/incoming.ts'
import type { Answer } from '../http/reply.ts'
import type { Refusal } from '../kit/refusal.ts'
import type { Site } from '../site.ts'
import { errorPage } from './error-page.ts'
import { messageMarkup } from './message-markup.ts'
import type { MessageKey } from './messages/messages.ts'
import { neutralContext, type PageContext, type PageParts, pageContext } from './page-context.ts'
import { timeText } from './time-text.ts'

/** What an error page needs of the site. There is no store while the server starts. */
type Parts = PageParts & { readonly store?: Site['store'] }

/**
 * Answers a refusal with a page. The heading and the message depend on its status and are in the visitor's language; the refusal's own
 * message, which names parameters, is for the developer and is shown below.
 */
export async function pageErrors(refusal: Refusal, incoming: Incoming, site: Parts): Promise<Answer> {
  const { status, headers } = refusal
  const context = await contextFor(status, incoming, site)
  const kind = refusal.key === 'form.no-cookies' ? 'cookies' : kindOf(status)
  const time = timeText(Number(headers?.['retry-after'] ?? 60), context.language)
  return errorPage(context, {
    status,
    heading: context.t(`error.${kind}.title` satisfies MessageKey),
    message:
      kind === 'cookies'
        ? messageMarkup(context.t, 'error.cookies.message', { host: incoming.host })
        : context.t(`error.${kind}.message` satisfies MessageKey, { time }),
    reference: incoming.reference,
    detail: kind === 'badRequest' ? refusal.message : undefined,
    headers,
  })
}

/** The brand is in the database. If the database does not answer, the page must not wait for it again. */
async function contextFor(status: number, incoming: Incoming, { store, ...site }: Parts): Promise<PageContext> {
  const neutral = () => neutralContext(incoming, site)
  if (status === 503 || !store) return neutral()
  return pageContext(incoming, { ...site, store }).catch(neutral)
}

function kindOf(status: number) {
  if (status >= 500) return status === 503 ? 'unavailable' : 'ours'
  if (status === 401 || status === 403) return 'forbidden'
  if (status === 404) return 'notFound'
  if (status === 410) return 'gone'
  return status === 429 ? 'tooMany' : 'badRequest'
}
