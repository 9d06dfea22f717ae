import { nameOn } from '../domain/apps/settings.ts'
import type { Actor } from '../domain/audit/actor.ts'
import type { Endpoint } from '../endpoint.ts'
import type { Incoming } from '../http/incoming.ts'
import type { Answer } from '../http/reply.ts'
import { Refusal } from '../kit/refusal.ts'
import { snakeCase } from '../kit/snake-case.ts'
import type { Site } from '../site.ts'
import { needCaller } from './caller.ts'
import { platformErrors } from './platform-errors.ts'

/**
 * Makes an endpoint of the management API. The caller is authenticated before anything is read. `acts` begins the message to a caller with
 * the wrong kind of token. Refusals name settings as this API does.
 */
export function platformEndpoint(
  method: Endpoint['methods'][number],
  path: string,
  acts: string,
  handle: (incoming: Incoming, site: Site, caller: Actor) => Promise<Answer>,
): Endpoint {
  return {
    path: `/platform/v1/${path}`,
    methods: [method],
    errors: platformErrors,
    async handle(incoming, site) {
      try {
        return await handle(incoming, site, await needCaller(incoming, site, acts))
      } catch (error) {
        throw error instanceof Refusal ? error.renamed(platformName) : error
      }
    },
  }
}

/** Settings of apps have names of their own here. Every other field has ours in snake_case. */
const platformName = (field: string) => snakeCase(nameOn('platform')(field))
