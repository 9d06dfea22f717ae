import { findLiveApp } from '../../domain/apps/app.ts'
import type { Endpoint } from '../../endpoint.ts'
import type { Incoming } from '../../http/incoming.ts'
import { type Answer, json } from '../../http/reply.ts'
import type { Site } from '../../site.ts'
import { noSuchApp } from '../apps/show-app.ts'
import { needCaller } from '../caller.ts'
import { platformErrors } from '../platform-errors.ts'
import { shownSecret } from './shown-secret.ts'

export const listSecretsEndpoint: Endpoint = {
  path: '/platform/v1/apps/:code_name/secrets',
  methods: ['GET'],
  errors: platformErrors,
  handle: listSecrets,
}

/** GET /platform/v1/apps/:code_name/secrets: those that are good, from the oldest, with when each was last used. */
async function listSecrets(incoming: Incoming, site: Site): Promise<Answer> {
  const caller = await needCaller(incoming, site, 'Secrets are listed')
  const app = await findLiveApp(incoming.path.code_name ?? '', caller, site)
  if (!app) throw noSuchApp()
  const secrets = await site.store.appSecrets.listLive(app.uid, site.clock.now())
  return json(200, { status: 'OK', secrets: secrets.map(shownSecret) })
}
