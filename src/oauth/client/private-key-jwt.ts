import { compactVerify, importJWK, type JWK } from 'jose'
import { ASSERTION_ALGORITHMS } from '../../domain/apps/app-protocol.ts'
import { type Assertion, assertionAlgorithm, hasAssertion, readAssertion } from './assertion.ts'
import { claimAssertion } from './claim-assertion.ts'
import { isSameAlgorithm, keysFor } from './keys-for.ts'
import type { ClientMethod } from './method.ts'
import { isSymmetric } from './secret-jwt.ts'

/** A statement signed with the app's private key (RFC 7523 §3, OpenID Connect Core §9): we know nothing that could be stolen from us. */
export const privateKeyJwt: ClientMethod = {
  name: 'private_key_jwt',
  algorithms: ASSERTION_ALGORITHMS,
  failure:
    'The client_assertion is not signed by a key of the app that it names; compare kid, alg and the keys registered.',
  isUsed: (_, form) => hasAssertion(form) && !isSymmetric(assertionAlgorithm(form)),
  read: (incoming, form, site) => readAssertion(incoming, form, ASSERTION_ALGORITHMS, site),
  async findFault({ assertion }, { app }, site) {
    const { alg, kid } = assertion!
    const registered = app.protocol.authSigningAlg ?? alg
    if (!isSameAlgorithm(registered, alg))
      return `This app signs its client_assertion with ${registered}, not with ${alg}.`
    const set = await site.appKeys.find(app, ({ keys }) => keysFor(alg, kid, keys).length > 0)
    if (!set) return 'The keys of this app could not be read where it says they are. They are asked for once a minute.'
    for (const key of keysFor(alg, kid, set.keys)) {
      if (await isSignedBy(key, assertion!)) return claimAssertion(app, assertion!, site)
    }
    return privateKeyJwt.failure
  },
}

async function isSignedBy(key: JWK, { jwt, alg }: Assertion): Promise<boolean> {
  try {
    await compactVerify(jwt, await importJWK(key, alg), { algorithms: [alg] })
    return true
  } catch {
    // A key that is none, or another one's signature: either way this is not the key.
    return false
  }
}
