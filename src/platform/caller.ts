import { type Actor, tokenActor } from '../domain/audit/actor.ts'
import { findLivePlatformToken } from '../domain/tokens/platform-token.ts'
import { bearerToken } from '../http/bearer.ts'
import type { Incoming } from '../http/incoming.ts'
import { tokenDigest } from '../kit/digest.ts'
import type { Site } from '../site.ts'
import { refuse } from './refusals.ts'

/**
 * Who calls the management API: a directory, or the platform itself. Access tokens that apps hold for a business are refused whatever
 * they may do elsewhere; `acts` completes the sentence that says so.
 */
export async function needCaller(incoming: Incoming, site: Site, acts: string): Promise<Actor> {
  const token = bearerToken(incoming)
  if (token === undefined) refuse('caller.no-token')
  const known = await findLivePlatformToken(token, site)
  if (known) {
    if (known.kind === 'registration') refuse('caller.registration-token', { acts })
    // A directory token that lost its directory would otherwise pass for the platform's own.
    if (known.kind === 'internal' || known.directoryUid) return tokenActor(known, incoming.reference)
  }
  const held = await site.store.accessTokens.findLive(tokenDigest(token), site.clock.now())
  if (held?.chain.principal) refuse('caller.access-token', { acts })
  return refuse('caller.unknown-token')
}
