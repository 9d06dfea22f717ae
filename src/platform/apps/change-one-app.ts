import { changeApp } from '../../domain/apps/app.ts'
import type { Endpoint } from '../../endpoint.ts'
import type { Incoming } from '../../http/incoming.ts'
import { type Answer, json } from '../../http/reply.ts'
import type { Site } from '../../site.ts'
import { needCaller } from '../caller.ts'
import { platformErrors } from '../platform-errors.ts'
import { application } from './application.ts'
import { readBody } from './body.ts'
import { noSuchApp } from './show-app.ts'
import { withPlatformNames } from './with-platform-names.ts'

export const changeOneAppEndpoint: Endpoint = {
  path: '/platform/v1/apps/:code_name',
  methods: ['PUT'],
  errors: platformErrors,
  handle: changeOneApp,
}

/** PUT /platform/v1/apps/:code_name: changes what the body names and leaves the rest. Here `trusted` is answered as text. */
async function changeOneApp(incoming: Incoming, site: Site): Promise<Answer> {
  const caller = await needCaller(incoming, site, 'Apps are changed')
  const change = readBody(await incoming.json())
  const app = await withPlatformNames(() => changeApp(incoming.path.code_name ?? '', change, caller, site))
  if (!app) throw noSuchApp()
  return json(200, { application: { ...application(app), trusted: String(app.trusted) }, success: true })
}
