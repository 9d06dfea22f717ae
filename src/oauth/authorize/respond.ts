import { isOfTheWeb } from '../../domain/apps/redirect-uri.ts'
import type { Incoming } from '../../http/incoming.ts'
import { refusedRequest } from '../../http/refused-request.ts'
import { type Answer, seeOther } from '../../http/reply.ts'
import type { Refusal } from '../../kit/refusal.ts'
import type { Site } from '../../site.ts'
import type { App } from '../../store/nouns/apps.ts'
import { pageContext } from '../../ui/page-context.ts'
import { codeOf, describable, explained } from '../errors/error-code.ts'
import { formPostPage } from './form-post.ts'
import { openAppPage } from './open-app.ts'
import type { ResponseMode } from './parameters.ts'

/**
 * A longer address goes back by a page. nginx reads the head of an answer into 4 kB: a longer one is a 502 there, and with several servers nginx
 * then leaves out the one that sent it.
 */
const MAX_LOCATION_BYTES = 2500

/** Where and how to send an answer. The redirect URI is registered for the app. */
export interface ReturnAddress {
  redirectUri: string
  state: string | null
  responseMode: ResponseMode
  /** The languages that the app asked for, for the page that posts a form. */
  locales?: readonly string[]
  /** Whether the person has just answered a page of ours, which would stay in the browser if the app is another program. */
  isShown?: boolean
}

/** Sends the browser back with a code (RFC 6749 §4.1.2) and our issuer (RFC 9207 §2). */
export function respondWithCode(
  to: ReturnAddress,
  code: string,
  app: App,
  incoming: Incoming,
  site: Site,
): Promise<Answer> {
  return goBack(to, { code }, app, incoming, site)
}

/** Sends the browser back with an error (RFC 6749 §4.1.2.1); its description ends with the reference that `behalf why` explains. */
export function respondWithError(
  to: ReturnAddress,
  refusal: Refusal,
  app: App,
  incoming: Incoming,
  site: Site,
): Promise<Answer> {
  const status = to.responseMode === 'form_post' ? 200 : 303
  site.refusals.keep(refusal, refusedRequest(incoming), { appUid: app.uid, status, ...explained(refusal) })
  const description = describable(`${refusal.message} (reference ${incoming.reference})`)
  return goBack(to, { error: codeOf(refusal), error_description: description }, app, incoming, site)
}

async function goBack(
  { redirectUri, state, responseMode, locales, isShown }: ReturnAddress,
  answer: Record<string, string>,
  app: App,
  incoming: Incoming,
  site: Site,
): Promise<Answer> {
  const parameters = { ...answer, ...(state === null ? {} : { state }), iss: site.config.issuer }
  if (responseMode === 'form_post')
    return formPostPage(await pageContext(incoming, site, locales), redirectUri, parameters)
  const url = appended(redirectUri, parameters, responseMode)
  const isShort = Buffer.byteLength(url) <= MAX_LOCATION_BYTES
  if (isShort && (!isShown || isOfTheWeb(redirectUri))) return seeOther(url)
  return openAppPage(await pageContext(incoming, site, locales), app, url, answer.code === undefined)
}

/** Adds the parameters to the redirect URI, and leaves its own query unchanged. No registered redirect URI has a fragment. */
function appended(redirectUri: string, parameters: Record<string, string>, mode: 'query' | 'fragment'): string {
  const query = Object.entries(parameters).map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
  if (mode === 'fragment') return `${redirectUri}#${query.join('&')}`
  const joint = !redirectUri.includes('?') ? '?' : /[?&]$/.test(redirectUri) ? '' : '&'
  return `${redirectUri}${joint}${query.join('&')}`
}
