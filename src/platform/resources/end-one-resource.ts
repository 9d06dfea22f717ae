import { endResource } from '../../domain/tokens/resource.ts'
import type { Endpoint } from '../../endpoint.ts'
import type { Incoming } from '../../http/incoming.ts'
import { type Answer, json } from '../../http/reply.ts'
import type { Site } from '../../site.ts'
import { needCaller } from '../caller.ts'
import { platformErrors } from '../platform-errors.ts'
import { noSuchResource, resource } from './resource.ts'

export const endOneResourceEndpoint: Endpoint = {
  path: '/platform/v1/resources/:uid',
  methods: ['DELETE'],
  errors: platformErrors,
  handle: endOneResource,
}

/** DELETE /platform/v1/resources/:uid: no token is made for it any more. Answers with what it was. */
async function endOneResource(incoming: Incoming, site: Site): Promise<Answer> {
  const caller = await needCaller(incoming, site, 'Resources are ended')
  const ended = await endResource(incoming.path.uid ?? '', caller, site)
  if (!ended) throw noSuchResource()
  return json(200, { status: 'OK', data: { resource: { ...resource(ended), ended_at: ended.endedAt } } })
}
