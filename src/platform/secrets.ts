import { z } from 'zod'
import { addSecret, endSecret } from '../domain/apps/app-secrets.ts'
import { orRefuse } from '../domain/apps/setting-kinds.ts'
import { wrongValue } from '../domain/apps/value-refusals.ts'
import type { Endpoint } from '../endpoint.ts'
import { json } from '../http/reply.ts'
import { needApp } from './apps.ts'
import { maybe, readFields } from './fields.ts'
import { platformEndpoint } from './platform-endpoint.ts'
import { refuse } from './refusals.ts'

const number = (value: unknown) => (typeof value === 'string' && /^\d{1,10}$/.test(value) ? Number(value) : value)

const FIELDS = {
  name: maybe(z.string(orRefuse(wrongValue('value.text')))),
  expires_in: maybe(z.preprocess(number, z.int(orRefuse(wrongValue('value.whole-seconds'))))),
}

/** The endpoints that create, list and retire the secrets of an app. */
export const secretEndpoints: readonly Endpoint[] = [
  // Only this answer has the secret.
  platformEndpoint('POST', 'apps/:code_name/secrets', 'Secrets are made', async (incoming, site, caller) => {
    const app = await needApp(incoming, site, caller)
    const { name, expires_in: expiresIn } = readFields(FIELDS, await incoming.json())
    const { secret, row } = await addSecret(app, { name, expiresIn }, caller, site)
    const data = {
      uid: row.uid,
      client_id: app.clientId,
      client_secret: secret,
      name: row.name,
      created_at: row.createdAt,
      expires_at: row.expiresAt,
    }
    return json(201, { status: 'OK', data })
  }),

  // Live secrets only, the oldest first.
  platformEndpoint('GET', 'apps/:code_name/secrets', 'Secrets are listed', async (incoming, site, caller) => {
    const app = await needApp(incoming, site, caller)
    const live = await site.store.appSecrets.listLive(app.uid, site.clock.now())
    const secrets = live.map(({ uid, name, createdAt, expiresAt, lastUsedAt }) => {
      return { uid, name, created_at: createdAt, expires_at: expiresAt, last_used_at: lastUsedAt }
    })
    return json(200, { status: 'OK', data: { secrets } })
  }),

  platformEndpoint('DELETE', 'apps/:code_name/secrets/:uid', 'Secrets are retired', async (incoming, site, caller) => {
    const app = await needApp(incoming, site, caller)
    const { uid = '' } = incoming.path
    const retired = await endSecret(uid, app, caller, site)
    if (!retired) refuse('secret.unknown')
    return json(200, { status: 'OK', data: { uid, ended_at: retired.endedAt } })
  }),
]
