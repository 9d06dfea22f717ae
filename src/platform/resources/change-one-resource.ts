import { changeResource } from '../../domain/tokens/resource.ts'
import type { Endpoint } from '../../endpoint.ts'
import type { Incoming } from '../../http/incoming.ts'
import { type Answer, json } from '../../http/reply.ts'
import type { Site } from '../../site.ts'
import { needCaller } from '../caller.ts'
import { platformErrors } from '../platform-errors.ts'
import { readResource } from './body.ts'
import { noSuchResource, resource } from './resource.ts'

export const changeOneResourceEndpoint: Endpoint = {
  path: '/platform/v1/resources/:uid',
  methods: ['PUT'],
  errors: platformErrors,
  handle: changeOneResource,
}

/** PUT /platform/v1/resources/:uid: changes what the body names and leaves the rest. */
async function changeOneResource(incoming: Incoming, site: Site): Promise<Answer> {
  const caller = await needCaller(incoming, site, 'Resources are changed')
  const draft = readResource(await incoming.json())
  const changed = await changeResource(incoming.path.uid ?? '', draft, caller, site)
  if (!changed) throw noSuchResource()
  return json(200, { status: 'OK', data: { resource: resource(changed.resource, changed.secret) } })
}
