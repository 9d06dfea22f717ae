import { createHash } from 'node:crypto'
import { sameText } from '../../kit/digest.ts'
import type { App } from '../../store/nouns/apps.ts'
import { refuse } from '../errors/refusals.ts'

/** The supported method. `plain` protects nothing (RFC 9700 §2.1.1). */
export const CHALLENGE_METHODS = ['S256'] as const

/**
 * Whether an app must use PKCE (RFC 9700 §2.1.1): public apps, apps that are set to, apps with a metadata document, and apps that
 * registered themselves. A confidential app that registered itself may leave it out if it asks for an ID token, because OpenID Connect has
 * the nonce instead, and a stolen code is useless without the secret.
 */
export function mustUsePkce(app: Pick<App, 'public' | 'origin' | 'protocol'>, scopes: readonly string[]): boolean {
  if (app.public || app.origin === 'document' || app.protocol.requirePkce === true) return true
  return app.origin === 'registered' && !scopes.includes('openid')
}

/** Checks the challenge of an authorization request (RFC 7636 §4.3). */
export function checkChallenge(challenge: string | undefined, method: string | undefined, isRequired: boolean): void {
  if (challenge === undefined) {
    if (method !== undefined) refuse('pkce.no-challenge')
    if (isRequired) refuse('pkce.missing')
    return
  }
  if (method !== 'S256') refuse('pkce.method')
  if (challenge.length !== 43) refuse('pkce.challenge-length', { length: challenge.length })
  if (!/^[A-Za-z0-9_-]+$/.test(challenge)) refuse('pkce.challenge')
}

/**
 * Whether the verifier matches the challenge (RFC 7636 §4.6). Any characters may be in it, because clients send standard base64 too; only its
 * length shows how hard it is to guess. Refuses what is no guess: a missing verifier, one of the wrong length, and one without a challenge,
 * because an attacker may have removed the challenge from the authorization request (RFC 9700 §4.8.2).
 */
export function isRightVerifier(challenge: string | null, verifier: string | undefined): boolean {
  if (challenge === null) return verifier === undefined || refuse('code-verifier.unexpected')
  if (verifier === undefined) return refuse('code-verifier.missing')
  if (verifier.length < 43 || verifier.length > 128) refuse('code-verifier.length', { length: verifier.length })
  return sameText(createHash('sha256').update(verifier).digest('base64url'), challenge)
}
