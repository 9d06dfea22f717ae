import { seeOther } from '../../http/reply.ts'
import type { Refusal } from '../../kit/refusal.ts'
import { codeOf, describable } from '../error.ts'

/** Where an answer goes: proven to belong to the app. */
export interface ReturnAddress {
  redirectUri: string
  state: string | null
}

/** Sends the browser back with a code (RFC 6749 §4.1.2), naming who answers (RFC 9207 §2). */
export function respondWithCode(to: ReturnAddress, code: string, issuer: string): Response {
  return goBack(to, { code }, issuer)
}

/** Sends the browser back with an error (RFC 6749 §4.1.2.1). */
export function respondWithError(to: ReturnAddress, refusal: Refusal, issuer: string): Response {
  return goBack(to, { error: codeOf(refusal), error_description: describable(refusal.message) }, issuer)
}

/** Appends to whatever query the registered URI has, and touches nothing of it. */
function goBack({ redirectUri, state }: ReturnAddress, answer: Record<string, string>, issuer: string): Response {
  const parameters = { ...answer, ...(state === null ? {} : { state }), iss: issuer }
  const query = Object.entries(parameters).map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
  const joint = !redirectUri.includes('?') ? '?' : /[?&]$/.test(redirectUri) ? '' : '&'
  return seeOther(`${redirectUri}${joint}${query.join('&')}`)
}
