import { createHash } from 'node:crypto'
import { sameText } from '../../kit/digest.ts'
import type { App } from '../../store/nouns/apps.ts'
import { refuse } from '../errors/refusals.ts'

/** The only transformation we take: `plain` protects nothing (RFC 9700 §2.1.1). */
export const CHALLENGE_METHODS = ['S256'] as const

/**
 * Whether an app has to use PKCE (RFC 9700 §2.1.1): one that keeps no secret, one that is set to, and one that made itself known. Only an
 * app that registered itself and keeps a secret may do without where it asks for an ID token: OpenID Connect does not know PKCE, and leaves
 * it to the app whether it guards the code by a nonce. A thief of its code needs its secret as well.
 */
export function mustUsePkce(app: Pick<App, 'public' | 'origin' | 'protocol'>, scopes: readonly string[]): boolean {
  if (app.public || app.origin === 'document' || app.protocol.requirePkce === true) return true
  return app.origin === 'registered' && !scopes.includes('openid')
}

/** Refuses a challenge that is missing or wrong in an authorization request (RFC 7636 §4.3). */
export function checkChallenge(challenge: string | undefined, method: string | undefined, isRequired: boolean): void {
  if (challenge === undefined) {
    if (method !== undefined) refuse('pkce.method-alone')
    if (isRequired) refuse('pkce.missing')
    return
  }
  if (method !== 'S256') {
    refuse('pkce.method')
  }
  if (!/^[A-Za-z0-9_-]{43}$/.test(challenge)) {
    refuse('pkce.challenge')
  }
}

/**
 * Refuses a verifier that is not the one behind the challenge (RFC 7636 §4.6), and one where no challenge was: somebody may have taken
 * it out of the authorization request (RFC 9700 §4.8.2).
 */
export function checkVerifier(challenge: string | null, verifier: string | undefined): void {
  if (challenge === null) {
    if (verifier !== undefined) refuse('code-verifier.unexpected')
    return
  }
  if (verifier === undefined) refuse('code-verifier.missing')
  const isShaped = /^[A-Za-z0-9._~-]{43,128}$/.test(verifier)
  const derived = createHash('sha256').update(verifier).digest('base64url')
  if (!isShaped || !sameText(derived, challenge)) refuse('code-verifier.wrong')
}
