import { constants, createHmac, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { newUid } from '../../src/kit/id.ts'
import { toForm } from './app-calls.ts'
import type { TestSite } from './test-site.ts'
import type { TestApp } from './world.ts'

/** Signs assertions, with a key or with a secret. */
export interface Signer {
  alg: string
  kid: string
  /** The public half, as an app registers it. */
  jwk: Record<string, unknown>
  privateJwk: Record<string, unknown>
  publicKey: KeyObject
  sign(input: string): Buffer
}

export const ALGORITHMS = ['RS256', 'PS256', 'ES256', 'EdDSA'] as const

export function newSigner(alg: (typeof ALGORITHMS)[number], kid: string = newUid(), bits = 2048): Signer {
  const { privateKey, publicKey } =
    alg === 'ES256'
      ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
      : alg === 'EdDSA'
        ? generateKeyPairSync('ed25519')
        : generateKeyPairSync('rsa', { modulusLength: bits })
  const how = {
    RS256: { key: privateKey },
    PS256: { key: privateKey, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 },
    ES256: { key: privateKey, dsaEncoding: 'ieee-p1363' as const },
    EdDSA: { key: privateKey },
  }[alg]
  const members = { kid, alg, use: 'sig' }
  return {
    alg,
    kid,
    jwk: { ...publicKey.export({ format: 'jwk' }), ...members },
    privateJwk: { ...privateKey.export({ format: 'jwk' }), ...members },
    publicKey,
    sign: (input) => sign(alg === 'EdDSA' ? null : 'sha256', Buffer.from(input), how),
  }
}

/** Signs with a secret, whatever algorithm the header names. */
export const withSecret = (secret: string | Buffer) => (input: string) =>
  createHmac('sha256', secret).update(input).digest()

const encode = (part: unknown) => Buffer.from(JSON.stringify(part)).toString('base64url')

/** A JWT of any header and claims, valid or not. */
export function rawJwt(header: unknown, claims: unknown, signature: (input: string) => Buffer): string {
  const input = `${encode(header)}.${encode(claims)}`
  return `${input}.${signature(input).toString('base64url')}`
}

/** The claims that a client library sends for an app (RFC 7523 §3). */
export function claimsFor(
  app: { clientId: string },
  test: Pick<TestSite, 'clock' | 'origin'>,
): Record<string, unknown> {
  const now = test.clock.now()
  const { clientId } = app
  return { iss: clientId, sub: clientId, aud: test.origin, jti: newUid(), iat: now, nbf: now, exp: now + 60 }
}

export interface Oddities {
  header?: Record<string, unknown>
  claims?: Record<string, unknown>
}

/** A valid assertion with the changes of the test; `undefined` leaves a claim out. */
export function assertionOf(
  app: { clientId: string },
  test: Pick<TestSite, 'clock' | 'origin'>,
  signer: Pick<Signer, 'alg' | 'kid' | 'sign'>,
  { header, claims }: Oddities = {},
): string {
  return rawJwt({ alg: signer.alg, kid: signer.kid, ...header }, { ...claimsFor(app, test), ...claims }, signer.sign)
}

export const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'

/**
 * Requests a token with a code that does not exist: an authenticated app gets invalid_grant, any other
 * client invalid_client.
 */
export function tryCredentials(
  test: Pick<TestSite, 'fetch'>,
  parameters: Record<string, string | undefined>,
  headers: Record<string, string> = {},
): Promise<Response> {
  const body = toForm({
    grant_type: 'authorization_code',
    code: 'x',
    redirect_uri: 'https://app.example/callback',
    ...parameters,
  })
  const type = { 'content-type': 'application/x-www-form-urlencoded' }
  return test.fetch('/oauth/token', { method: 'POST', headers: { ...type, ...headers }, body })
}

export function tryAssertion(test: Pick<TestSite, 'fetch'>, assertion: string, app?: Pick<TestApp, 'clientId'>) {
  const named = app ? { client_id: app.clientId } : {}
  return tryCredentials(test, { client_assertion_type: ASSERTION_TYPE, client_assertion: assertion, ...named })
}
