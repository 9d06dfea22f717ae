import { html } from 'hono/html'
import type { Incoming } from '../http/incoming.ts'
import type { Answer } from '../http/reply.ts'
import type { Refusal } from '../kit/refusal.ts'
import type { Site } from '../site.ts'
import type { App } from '../store/nouns/apps.ts'
import { appName } from './app-face.ts'
import { errorPage } from './error-page.ts'
import { messageMarkup } from './message-markup.ts'
import type { MessageKey } from './messages/messages.ts'
import type { Markup } from './page.ts'
import { neutralContext, type PageContext, type PageParts, pageContext } from './page-context.ts'
import { timeText } from './time-text.ts'

/** What an error page needs of the site. There is no store while the server starts. */
type Parts = PageParts & { readonly store?: Site['store'] }

/**
 * Answers a refusal with a page. The heading and the message depend on its status, say which app is to blame if we know it, and are in the
 * visitor's language; the refusal's own message, which names parameters, is for the developer and is shown below.
 */
export async function pageErrors(refusal: Refusal, incoming: Incoming, site: Parts): Promise<Answer> {
  const { status, headers } = refusal
  const kind = KINDS[refusal.key] ?? kindOf(status)
  const [context, app] = await Promise.all([
    contextFor(status, incoming, site),
    // What the request contains may itself be what was refused.
    kind === 'badRequest' ? findBlamedApp(incoming, site).catch(() => undefined) : undefined,
  ])
  return errorPage(context, {
    status,
    heading: context.t(`error.${kind}.title` satisfies MessageKey),
    message: messageFor(kind, app, context, refusal, incoming),
    reference: incoming.reference,
    app,
    mayRetry: RETRIED.includes(kind) && incoming.method === 'GET',
    detail: kind === 'badRequest' || refusal.key.startsWith('pushed-request.') ? refusal.message : undefined,
    headers,
  })
}

/** Refusals with messages of their own. */
const KINDS: Readonly<Record<string, 'cookies' | 'changed' | 'gone'>> = {
  'form.no-cookies': 'cookies',
  'request.changed': 'changed',
  // A person who goes back, or was slow, is not the victim of a wrong app.
  'pushed-request.answered': 'gone',
  'pushed-request.expired': 'gone',
}
/** What may be over when the same request is sent again. */
const RETRIED: readonly string[] = ['unavailable', 'ours', 'tooMany']

type Kind = ReturnType<typeof kindOf> | (typeof KINDS)[string]

function messageFor(
  kind: Kind,
  app: App | undefined,
  { t, brand, language }: PageContext,
  { headers }: Refusal,
  incoming: Incoming,
): Markup {
  if (kind === 'cookies') return messageMarkup(t, 'error.cookies.message', { host: incoming.host })
  if (kind === 'ours') return messageMarkup(t, 'error.ours.message', { brand: brand.name })
  if (kind === 'badRequest' && app) return messageMarkup(t, 'error.badRequest.app', { app: appName(app) })
  const time = timeText(Number(headers?.['retry-after'] ?? 60), language)
  return html`${t(`error.${kind}.message`, { time })}`
}

/** Finds the app whose request is wrong. Only an authorization request and a sign-out name it in the URL. */
async function findBlamedApp(incoming: Incoming, { store }: Parts): Promise<App | undefined> {
  const [clientId, ...more] = incoming.query.asSent('client_id')
  if (typeof clientId !== 'string' || clientId === '' || more.length > 0) return undefined
  return store?.apps.findLiveByClientId(clientId)
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
