import type { Seal } from '../kit/seal.ts'
import type { Incoming } from './incoming.ts'
import type { Params } from './params.ts'
import { refuse } from './refusals.ts'
import type { Cookies } from './session-cookie.ts'

/** The hidden field that proves a form was ours and was shown to this very browser, for this very purpose. */
export function csrfToken(seal: Seal, browser: string, purpose: string): string {
  return seal.mac('form', `${browser} ${purpose}`)
}

/**
 * Refuses a posted form that another site may have sent. First what the browser itself says (Fetch Metadata, or Origin where that is
 * missing), then the hidden field, which holds even where the browser says nothing. It has to be made for one of the purposes.
 */
export function checkForm(
  incoming: Incoming,
  form: Params,
  { seal, cookies }: { seal: Seal; cookies: Cookies },
  purposes: readonly string[],
): void {
  const site = incoming.header('sec-fetch-site')
  if (site !== undefined ? site !== 'same-origin' : !isOwnOrigin(incoming)) refuse('form.foreign')
  const token = form.get('csrf')
  const browser = cookies.read(incoming, 'browser')
  if (!browser || !token || !purposes.some((purpose) => seal.isMac('form', `${browser} ${purpose}`, token)))
    refuse('form.foreign')
}

/** Whether the browser names no other origin than ours as where a request comes from. */
export function isOwnOrigin(incoming: Incoming): boolean {
  const origin = incoming.header('origin')
  return origin === undefined || URL.parse(origin)?.host === incoming.header('host')
}
