import { findLiveApp } from '../../domain/apps/app.ts'
import type { Endpoint } from '../../endpoint.ts'
import type { Incoming } from '../../http/incoming.ts'
import { type Answer, json } from '../../http/reply.ts'
import type { Refusal } from '../../kit/refusal.ts'
import type { Site } from '../../site.ts'
import { needCaller } from '../caller.ts'
import { platformErrors } from '../platform-errors.ts'
import { refusal } from '../refusals.ts'
import { application } from './application.ts'

export const showAppEndpoint: Endpoint = {
  path: '/platform/v1/apps/:code_name',
  methods: ['GET'],
  errors: platformErrors,
  handle: showApp,
}

/** GET /platform/v1/apps/:code_name, in the double wrapper that clients of this API know. */
async function showApp(incoming: Incoming, site: Site): Promise<Answer> {
  const caller = await needCaller(incoming, site, 'Apps are read')
  const app = await findLiveApp(incoming.path.code_name ?? '', caller, site)
  if (!app) throw noSuchApp()
  return json(200, { data: { application: application(app), success: true }, success: true })
}

/** An app of another directory is as absent as one that never was. */
export function noSuchApp(): Refusal {
  return refusal('app.unknown')
}
