import type { Endpoint } from '../../endpoint.ts'
import type { Incoming } from '../../http/incoming.ts'
import { type Answer, json } from '../../http/reply.ts'
import type { Site } from '../../site.ts'
import { needCaller } from '../caller.ts'
import { readPage } from '../page.ts'
import { platformErrors } from '../platform-errors.ts'
import { resource } from './resource.ts'

export const listResourcesEndpoint: Endpoint = {
  path: '/platform/v1/resources',
  methods: ['GET'],
  errors: platformErrors,
  handle: listResources,
}

/** GET /platform/v1/resources: those of the directory, or all for the platform itself, from the oldest, page by page. */
async function listResources(incoming: Incoming, site: Site): Promise<Answer> {
  const { directoryUid } = await needCaller(incoming, site, 'Resources are listed')
  const { limit, skip } = readPage(incoming)
  const found = await site.store.resources.list(directoryUid ?? undefined, limit, skip)
  return json(200, { status: 'OK', data: { resources: found.map((each) => resource(each)) } })
}
