import { z } from 'zod'
import { findLiveApp } from '../../domain/apps/app.ts'
import { addSecret } from '../../domain/apps/app-secrets.ts'
import type { Endpoint } from '../../endpoint.ts'
import type { Incoming } from '../../http/incoming.ts'
import { type Answer, json } from '../../http/reply.ts'
import type { Site } from '../../site.ts'
import { noSuchApp } from '../apps/show-app.ts'
import { needCaller } from '../caller.ts'
import { needRecord, readFields } from '../fields.ts'
import { platformErrors } from '../platform-errors.ts'

/** An empty value counts as absent, and a number may be written as text, as everywhere in this API. */
const present = (value: unknown) => (value === '' || value === null ? undefined : value)
const number = (value: unknown) => (typeof value === 'string' && /^\d{1,10}$/.test(value) ? Number(value) : value)

const Body = z.object({
  name: z.preprocess(present, z.string('must be a string').optional()),
  expires_in: z.preprocess((value) => number(present(value)), z.int('must be a whole number of seconds').optional()),
})

export const createSecretEndpoint: Endpoint = {
  path: '/platform/v1/apps/:code_name/secrets',
  methods: ['POST'],
  errors: platformErrors,
  handle: createSecret,
}

/** POST /platform/v1/apps/:code_name/secrets: one more secret, in this answer and in no other. */
async function createSecret(incoming: Incoming, site: Site): Promise<Answer> {
  const caller = await needCaller(incoming, site, 'Secrets are made')
  const app = await findLiveApp(incoming.path.code_name ?? '', caller, site)
  if (!app) throw noSuchApp()
  const { secret, row } = await addSecret(app, readBody(await incoming.json()), caller, site)
  const data = {
    uid: row.uid,
    client_id: app.clientId,
    client_secret: secret,
    name: row.name,
    created_at: row.createdAt,
    expires_at: row.expiresAt,
  }
  return json(201, { status: 'OK', data })
}

function readBody(body: unknown): { name?: string | undefined; expiresIn?: number | undefined } {
  const { name, expires_in: expiresIn } = readFields(Body, needRecord(body))
  return { name, expiresIn }
}
