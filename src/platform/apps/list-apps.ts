import type { Endpoint } from '../../endpoint.ts'
import type { Incoming } from '../../http/incoming.ts'
import { type Answer, json } from '../../http/reply.ts'
import type { Site } from '../../site.ts'
import { needCaller } from '../caller.ts'
import { readPage } from '../page.ts'
import { platformErrors } from '../platform-errors.ts'
import { application } from './application.ts'

export const listAppsEndpoint: Endpoint = {
  path: '/platform/v1/apps',
  methods: ['GET'],
  errors: platformErrors,
  handle: listApps,
}

/** GET /platform/v1/apps: those of the directory, or all for the platform itself, from the oldest, page by page. */
async function listApps(incoming: Incoming, site: Site): Promise<Answer> {
  const { directoryUid } = await needCaller(incoming, site, 'Apps are listed')
  const { limit, skip } = readPage(incoming)
  const apps = await site.store.apps.list(directoryUid ?? undefined, limit, undefined, skip)
  return json(200, { status: 'OK', apps: apps.map(application) })
}
