import { registerApp } from '../../domain/apps/app.ts'
import type { Endpoint } from '../../endpoint.ts'
import type { Incoming } from '../../http/incoming.ts'
import { type Answer, json } from '../../http/reply.ts'
import type { Site } from '../../site.ts'
import { needCaller } from '../caller.ts'
import { platformErrors } from '../platform-errors.ts'
import { readBody } from './body.ts'
import { withPlatformNames } from './with-platform-names.ts'

export const createAppEndpoint: Endpoint = {
  path: '/platform/v1/apps',
  methods: ['POST'],
  errors: platformErrors,
  handle: createApp,
}

/** POST /platform/v1/apps. The only answer that ever holds the secret. */
async function createApp(incoming: Incoming, site: Site): Promise<Answer> {
  const caller = await needCaller(incoming, site, 'Apps are created')
  const draft = readBody(await incoming.json())
  const { app, secret } = await withPlatformNames(() => registerApp(draft, caller, site))
  const data = {
    app_code_name: app.codeName,
    app_id: app.uid,
    client_id: app.clientId,
    client_secret: secret,
    name: app.name,
    access_token_format: app.accessTokenFormat,
    client_auth_jwks_uri: app.jwksUri,
  }
  return json(201, { status: 'OK', data })
}
