import { findLiveApp } from '../../domain/apps/app.ts'
import { endSecret } from '../../domain/apps/app-secrets.ts'
import type { Incoming } from '../../http/incoming.ts'
import { type Answer, json } from '../../http/reply.ts'
import type { Site } from '../../site.ts'
import { noSuchApp } from '../apps/show-app.ts'
import { needCaller } from '../caller.ts'
import { refuse } from '../refusals.ts'

/** DELETE /platform/v1/apps/:code_name/secrets/:uid: from now on it proves nothing, on every server. */
export async function retireOneSecret(incoming: Incoming, site: Site): Promise<Answer> {
  const caller = await needCaller(incoming, site, 'Secrets are retired')
  const { code_name: codeName = '', uid = '' } = incoming.path
  const app = await findLiveApp(codeName, caller, site)
  if (!app) throw noSuchApp()
  const retired = await endSecret(uid, app, caller, site)
  if (!retired) refuse('secret.unknown')
  return json(200, { status: 'OK', data: { uid, ended_at: retired.endedAt } })
}
