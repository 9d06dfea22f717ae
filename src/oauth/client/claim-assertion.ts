import { digest } from '../../kit/digest.ts'
import type { Site } from '../../site.ts'
import type { App } from '../../store/nouns/apps.ts'
import type { Assertion } from './assertion.ts'
import { TOLERANCE } from './assertion-claims.ts'

/** Seconds that the clocks of two servers may differ: one must not have forgotten what the other would still take. */
const BETWEEN_SERVERS = 300

/** Takes the one use of a verified statement (RFC 7523 §3); why not, if it was used before, on whichever server. */
export async function claimAssertion(app: App, assertion: Assertion, { store }: Site): Promise<string | undefined> {
  const name = digest(`${app.uid} ${assertion.jti}`)
  const isFirst = await store.assertions.claim(name, assertion.expiresAt + TOLERANCE + BETWEEN_SERVERS)
  return isFirst
    ? undefined
    : 'The client_assertion was used before: make a new one, with a jti of its own, for every request.'
}
