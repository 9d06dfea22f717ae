import { type Actor, tokenActor } from '../domain/audit/actor.ts'
import { findLivePlatformToken } from '../domain/tokens/platform-token.ts'
import { bearerToken } from '../http/bearer.ts'
import type { Incoming } from '../http/incoming.ts'
import { tokenDigest } from '../kit/digest.ts'
import type { Site } from '../site.ts'
import { refuse } from './refusals.ts'

/**
 * Returns the directory or the platform that calls the management API, by its token. Access tokens of apps are refused, no matter what they
 * may do elsewhere. `acts` begins the message.
 */
export async function needCaller(incoming: Incoming, site: Site, acts: string): Promise<Actor> {
  const token = bearerToken(incoming)
  if (token === undefined) refuse('caller.no-token')
  const known = await findLivePlatformToken(token, site)
  if (known) {
    if (known.kind === 'registration') refuse('caller.registration-token', { acts })
    // A directory token without a directory must never act for the whole platform.
    if (known.kind === 'internal' || known.directoryUid) return tokenActor(known, incoming.reference)
  }
  const held = await site.store.accessTokens.findLive(tokenDigest(token), site.clock.now())
  if (held?.chain.principal) refuse('caller.access-token', { acts })
  return refuse('caller.unknown-token')
}
