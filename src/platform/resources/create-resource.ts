import { registerResource } from '../../domain/tokens/resource.ts'
import type { Endpoint } from '../../endpoint.ts'
import type { Incoming } from '../../http/incoming.ts'
import { type Answer, json } from '../../http/reply.ts'
import type { Site } from '../../site.ts'
import { needCaller } from '../caller.ts'
import { platformErrors } from '../platform-errors.ts'
import { readResource } from './body.ts'
import { resource } from './resource.ts'

export const createResourceEndpoint: Endpoint = {
  path: '/platform/v1/resources',
  methods: ['POST'],
  errors: platformErrors,
  handle: createResource,
}

/** POST /platform/v1/resources. The only answer that holds the secret, unless a new one is made later. */
async function createResource(incoming: Incoming, site: Site): Promise<Answer> {
  const caller = await needCaller(incoming, site, 'Resources are registered')
  const made = await registerResource(readResource(await incoming.json()), caller, site)
  return json(201, { status: 'OK', data: { resource: resource(made.resource, made.secret) } })
}
