import { compactVerify, importJWK, type JWK } from 'jose'
import { ASSERTION_ALGORITHMS, SECRET_ALGORITHMS } from '../../domain/apps/app-protocol.ts'
import { openSecret } from '../../domain/apps/app-secrets.ts'
import type { Jwks } from '../../domain/apps/jwks.ts'
import { visitorKey } from '../../http/address.ts'
import { digest } from '../../kit/digest.ts'
import type { Refusal } from '../../kit/refusal.ts'
import type { Site } from '../../site.ts'
import type { App } from '../../store/nouns/apps.ts'
import { refusal } from '../errors/refusals.ts'
import { type Assertion, readAssertion, TOLERANCE_SECONDS } from './assertion.ts'
import { isSameAlgorithm, keysFor } from './keys-for.ts'
import type { ClientMethod } from './method.ts'

/** How far the clocks of our servers may differ. No server forgets an assertion that another still accepts. */
const CLOCK_DRIFT_SECONDS = 300

/** Signs nothing. Of the length of our secrets. */
const NO_SECRET = Buffer.alloc(64)

/** An assertion signed with the app's private key (RFC 7523 §3, OpenID Connect Core §9). We hold only public keys. */
export const privateKeyJwt: ClientMethod = {
  name: 'private_key_jwt',
  algorithms: ASSERTION_ALGORITHMS,
  failure: 'assertion.wrong-key',
  read: (presented, incoming, site) => readAssertion(presented, ASSERTION_ALGORITHMS, incoming, site),
  async prove({ assertion }, { app }, incoming, site) {
    const { alg, kid } = assertion!
    const registered = app.protocol.authSigningAlg ?? alg
    if (!isSameAlgorithm(registered, alg)) return refusal('assertion.other-algorithm', { registered, alg })
    const isEnough = ({ keys }: Jwks) => keysFor(alg, kid, keys).length > 0
    const set = await site.appKeys.find(app, isEnough, visitorKey(incoming.address))
    if (!set) return refusal('assertion.unreadable-keys')
    for (const key of keysFor(alg, kid, set.keys)) {
      if (await isSignedWith(key, assertion!)) return claimAssertion(app, assertion!, site)
    }
    return refusal(privateKeyJwt.failure)
  },
}

/**
 * An assertion signed with the app's secret (OpenID Connect Core §9), so that the secret is never sent. We need the secret to verify it,
 * and keep a sealed copy only for apps that registered this method.
 */
export const secretJwt: ClientMethod = {
  name: 'client_secret_jwt',
  algorithms: SECRET_ALGORITHMS,
  failure: 'assertion.wrong-secret',
  read: (presented, incoming, site) => readAssertion(presented, SECRET_ALGORITHMS, incoming, site),
  async prove({ assertion }, { app }, _, site) {
    const secrets = await site.store.appSecrets.listLive(app.uid, site.clock.now())
    const known = secrets
      .map((secret) => ({ secret, text: openSecret(secret, site) }))
      .filter(({ text }) => text !== undefined)
    if (known.length === 0) return refusal('assertion.unsealed-secret')
    for (const { secret, text } of known) {
      if (!(await isSignedWith(new TextEncoder().encode(text), assertion!))) continue
      const why = await claimAssertion(app, assertion!, site)
      if (why === undefined) site.lastUsed.recordSecret(secret)
      return why
    }
    return refusal(secretJwt.failure)
  },
  async pretend({ assertion }, { store, clock }) {
    await store.appSecrets.listLive('', clock.now())
    await isSignedWith(NO_SECRET, assertion!)
  },
}

async function isSignedWith(key: JWK | Uint8Array, { jwt, alg }: Assertion): Promise<boolean> {
  try {
    const imported = key instanceof Uint8Array ? key : await importJWK(key, alg)
    await compactVerify(jwt, imported, { algorithms: [alg] })
    return true
  } catch {
    // The key is not usable, or the signature was made with another one.
    return false
  }
}

/** Claims a verified assertion, so that no server accepts it again (RFC 7523 §3). Returns a refusal if it was used before. */
async function claimAssertion(app: App, assertion: Assertion, { store }: Site): Promise<Refusal | undefined> {
  const name = digest(`${app.uid} ${assertion.jti}`)
  const until = assertion.expiresAt + TOLERANCE_SECONDS + CLOCK_DRIFT_SECONDS
  return (await store.assertions.claim(name, until)) ? undefined : refusal('assertion.used')
}
