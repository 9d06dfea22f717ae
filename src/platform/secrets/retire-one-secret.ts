import { findLiveApp } from '../../domain/apps/app.ts'
import { endSecret } from '../../domain/apps/app-secrets.ts'
import type { Endpoint } from '../../endpoint.ts'
import type { Incoming } from '../../http/incoming.ts'
import { type Answer, json } from '../../http/reply.ts'
import type { Site } from '../../site.ts'
import { noSuchApp } from '../apps/show-app.ts'
import { needCaller } from '../caller.ts'
import { platformErrors } from '../platform-errors.ts'
import { refuse } from '../refusals.ts'

export const retireOneSecretEndpoint: Endpoint = {
  path: '/platform/v1/apps/:code_name/secrets/:uid',
  methods: ['DELETE'],
  errors: platformErrors,
  handle: retireOneSecret,
}

/** DELETE /platform/v1/apps/:code_name/secrets/:uid: from now on it proves nothing, on every server. */
async function retireOneSecret(incoming: Incoming, site: Site): Promise<Answer> {
  const caller = await needCaller(incoming, site, 'Secrets are retired')
  const { code_name: codeName = '', uid = '' } = incoming.path
  const app = await findLiveApp(codeName, caller, site)
  if (!app) throw noSuchApp()
  const retired = await endSecret(uid, app, caller, site)
  if (!retired) refuse('secret.unknown')
  return json(200, { status: 'OK', data: { uid, ended_at: retired.endedAt } })
}
