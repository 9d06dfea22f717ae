import { type Actor, tokenActor } from '../domain/audit/actor.ts'
import { findPlatformToken } from '../domain/tokens/platform-token.ts'
import { bearerToken } from '../http/bearer.ts'
import type { Incoming } from '../http/incoming.ts'
import { tokenDigest } from '../kit/digest.ts'
import { CodedProblem, Problem } from '../kit/refusal.ts'
import type { Site } from '../site.ts'

/**
 * Who calls the management API: a directory, or the platform itself. Access tokens that apps hold for a business are refused whatever
 * they may do elsewhere; `acts` completes the sentence that says so.
 */
export async function needCaller(incoming: Incoming, site: Site, acts: string): Promise<Actor> {
  const token = bearerToken(incoming)
  if (token === undefined) {
    throw new Problem(
      401,
      'Send a directory token or an internal token in the Authorization header: Bearer and the token.',
    )
  }
  const known = await findPlatformToken(token, site)
  if (known) {
    if (known.kind === 'registration') {
      throw new Problem(
        403,
        `${acts} with a directory token or an internal token. This one is for POST /oauth/register.`,
      )
    }
    // A directory token that lost its directory would otherwise pass for the platform's own.
    if (known.kind === 'internal' || known.directoryUid) return tokenActor(known, incoming.reference)
  }
  const held = await site.store.tokens.findLive(tokenDigest(token), site.clock.now())
  if (held?.chain.principal) throw new Problem(403, `${acts} with a directory token or an internal token.`)
  throw new CodedProblem(401, 'The token is unknown, or it was revoked.', {}, 'invalid_token')
}
