import type { Seal } from '../kit/seal.ts'
import type { Cookies } from './cookies.ts'
import type { Incoming } from './incoming.ts'
import type { Params } from './params.ts'
import { refuse } from './refusals.ts'

/** Returns the value of the hidden field, which proves that we showed the form to this browser for this purpose. */
export function csrfToken(seal: Seal, browser: string, purpose: string): string {
  return seal.mac('form', `${browser} ${purpose}`)
}

/** Whether this is the value of the hidden field, also if it was made with an earlier secret of the server. */
export function isCsrfToken(seal: Seal, browser: string, purpose: string, token: string): boolean {
  return seal.isMac('form', `${browser} ${purpose}`, token)
}

/**
 * Refuses a posted form that another site may have sent. Checks first what the browser says (Fetch Metadata, or Origin if that is missing),
 * then the hidden field, which protects even if the browser says nothing: `Origin: null` says nothing (Fetch §3.2). The field must have been
 * made for one of the purposes.
 */
export function checkForm(
  incoming: Incoming,
  form: Params,
  { seal, cookies }: { seal: Seal; cookies: Cookies },
  purposes: readonly string[],
): void {
  const site = incoming.header('sec-fetch-site')
  const isForeign =
    site === undefined ? incoming.header('origin') !== 'null' && !isOwnOrigin(incoming) : site !== 'same-origin'
  if (isForeign) refuse('form.foreign')
  const token = form.get('csrf')
  const browser = cookies.read(incoming, 'browser')
  if (!browser) refuse('form.no-cookies')
  if (!token || !purposes.some((purpose) => isCsrfToken(seal, browser, purpose, token))) refuse('form.foreign')
}

/** Whether the browser says that the request comes from our own origin, or does not say. */
export function isOwnOrigin(incoming: Incoming): boolean {
  const origin = incoming.header('origin')
  return origin === undefined || URL.parse(origin)?.host === incoming.header('host')
}
