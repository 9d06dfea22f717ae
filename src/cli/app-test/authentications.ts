import { randomBytes } from 'node:crypto'
import { SignJWT } from 'jose'
import { ASSERTION_TYPE } from '../../oauth/client/assertion.ts'
import { whyNotAllowed } from '../../oauth/client/methods.ts'
import type { ClientAuthMethod } from '../../store/nouns/apps.ts'
import type { SigningKey } from './read-signing-key.ts'
import type { Trial } from './walk-flow.ts'

/** What a request of the app is authenticated with. */
export interface Credentials {
  headers?: Record<string, string>
  body: Record<string, string>
}

/** A method of authentication that the app may use. */
export interface Authentication {
  method: ClientAuthMethod
  /** Returns new credentials for each request, because an assertion works once. */
  create(): Credentials | Promise<Credentials>
}

/** The methods that can be tried with what was given, and what to give for the others. */
export interface Authentications {
  usable: readonly Authentication[]
  advice: readonly string[]
}

/** Returns the methods that the app may use (RFC 7591 §2). */
export function authentications(trial: Trial): Authentications {
  const { app, secret, key } = trial
  const allowed = (method: ClientAuthMethod) => app.public === (method === 'none') && !whyNotAllowed(app, method)
  const bySecret = bySecretMethods(trial, secret ?? '').filter(({ method }) => allowed(method))
  const byKey = allowed('private_key_jwt') ? [byPrivateKey(trial, key)] : []
  const publicly = { method: 'none', create: () => ({ body: { client_id: app.clientId } }) } as const
  const usable = [
    ...(allowed('none') ? [publicly] : []),
    ...(secret === undefined ? [] : bySecret),
    ...(key === undefined ? [] : byKey),
  ]
  const missing = [secret === undefined ? bySecret : [], key === undefined ? byKey : []]
  const advice = missing.flatMap((methods, index) =>
    methods.length > 0
      ? [`give ${['--secret', '--key'][index]} to try ${methods.map(({ method }) => method).join(' and ')}`]
      : [],
  )
  return { usable, advice }
}

function bySecretMethods(trial: Trial, secret: string): Authentication[] {
  const { clientId } = trial.app
  const authorization = `Basic ${btoa(`${encodeURIComponent(clientId)}:${encodeURIComponent(secret)}`)}`
  return [
    { method: 'client_secret_basic', create: () => ({ headers: { authorization }, body: {} }) },
    { method: 'client_secret_post', create: () => ({ body: { client_id: clientId, client_secret: secret } }) },
    { method: 'client_secret_jwt', create: () => signAssertion(trial, 'HS256', new TextEncoder().encode(secret)) },
  ]
}

function byPrivateKey(trial: Trial, signing: SigningKey | undefined): Authentication {
  const { authSigningAlg = '' } = trial.app.protocol
  return {
    method: 'private_key_jwt',
    create() {
      const { algorithms, key, kid } = signing!
      // With a key of another type, the answer of the server names the registered algorithm.
      const algorithm = algorithms.includes(authSigningAlg) ? authSigningAlg : algorithms[0]!
      return signAssertion(trial, algorithm, key, kid)
    },
  }
}

/** Signs a client assertion (RFC 7523 §3). */
async function signAssertion(
  { app, site }: Trial,
  alg: string,
  key: SigningKey['key'] | Uint8Array,
  kid?: string,
): Promise<Credentials> {
  const jwt = await new SignJWT({ jti: randomBytes(16).toString('hex') })
    .setProtectedHeader({ alg, ...(kid === undefined ? {} : { kid }) })
    .setIssuer(app.clientId)
    .setSubject(app.clientId)
    .setAudience(site.config.issuer)
    .setIssuedAt()
    .setExpirationTime('1m')
    .sign(key)
  return { body: { client_assertion_type: ASSERTION_TYPE, client_assertion: jwt } }
}
