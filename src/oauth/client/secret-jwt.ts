import { compactVerify } from 'jose'
import { SECRET_ALGORITHMS } from '../../domain/apps/app-protocol.ts'
import { openSecret } from '../../domain/apps/app-secrets.ts'
import { type Assertion, assertionAlgorithm, hasAssertion, readAssertion } from './assertion.ts'
import { claimAssertion } from './claim-assertion.ts'
import type { ClientMethod } from './method.ts'

/** Whether an algorithm is of the kind that one secret both signs and verifies with. */
export function isSymmetric(alg: unknown): boolean {
  return typeof alg === 'string' && alg.startsWith('HS')
}

/**
 * A statement signed with the app's secret (OpenID Connect Core §9), which therefore never travels. To verify it we have to know the
 * secret: of apps that registered this way, and of no others, a sealed copy is kept.
 */
export const secretJwt: ClientMethod = {
  name: 'client_secret_jwt',
  algorithms: SECRET_ALGORITHMS,
  failure: 'The client_assertion is not signed with a secret of the app that it names.',
  isUsed: (_, form) => hasAssertion(form) && isSymmetric(assertionAlgorithm(form)),
  read: (incoming, form, site) => readAssertion(incoming, form, SECRET_ALGORITHMS, site),
  async findFault({ assertion }, { app }, site) {
    const secrets = await site.store.appSecrets.listLive(app.uid, site.clock.now())
    const known = secrets
      .map((secret) => ({ secret, text: openSecret(secret, site) }))
      .filter(({ text }) => text !== undefined)
    if (known.length === 0)
      return 'No secret of this app was made for client_secret_jwt: make a new one, and sign with that.'
    for (const { secret, text } of known) {
      if (!(await isSignedWith(text!, assertion!))) continue
      const fault = await claimAssertion(app, assertion!, site)
      if (fault === undefined) site.lastUsed.recordSecret(secret)
      return fault
    }
    return secretJwt.failure
  },
}

async function isSignedWith(secret: string, { jwt, alg }: Assertion): Promise<boolean> {
  try {
    await compactVerify(jwt, new TextEncoder().encode(secret), { algorithms: [alg] })
    return true
  } catch {
    return false
  }
}
