import { endApp } from '../../domain/apps/app.ts'
import { replaceRegistration } from '../../domain/apps/registration.ts'
import { appActor } from '../../domain/audit/actor.ts'
import type { Endpoint } from '../../endpoint.ts'
import type { Incoming } from '../../http/incoming.ts'
import { ended } from '../../http/reply.ts'
import { digest, tokenDigest } from '../../kit/digest.ts'
import type { Site } from '../../site.ts'
import type { App } from '../../store/nouns/apps.ts'
import { registrationErrors } from '../errors/oauth-errors.ts'
import { refuse } from '../errors/refusals.ts'
import { registrationAnswer } from '../registration/answer.ts'
import { readMetadata } from '../registration/metadata.ts'
import { withMetadataErrors } from '../registration/metadata-error.ts'
import { missingToken, readRegistrationToken, wrongToken } from '../registration/token.ts'

const REGISTRATION = {
  path: '/oauth/register/:client_id',
  readableBy: 'any-origin',
  errors: registrationErrors,
} as const

/** Reads a registration (RFC 7592 §2.1). */
export const showRegistrationEndpoint: Endpoint = {
  ...REGISTRATION,
  methods: ['GET'],
  async handle(incoming, site) {
    const { app, accessToken } = await needRegistered(incoming, site)
    return registrationAnswer(200, app, { secret: null, accessToken }, site)
  },
}

/** Replaces a whole registration (RFC 7592 §2.2). What the request leaves out is removed. */
export const changeRegistrationEndpoint: Endpoint = {
  ...REGISTRATION,
  methods: ['PUT'],
  async handle(incoming, site) {
    const { app, accessToken } = await needRegistered(incoming, site)
    site.limits.check('registration-changes', app.uid)
    const record = await readMetadata(incoming)
    const replaced = await withMetadataErrors(async () => {
      await checkIdentity(record, app, site)
      return replaceRegistration(app, record, accessToken, appActor(app, incoming.reference), site)
    })
    return registrationAnswer(200, replaced.app, replaced, site)
  },
}

/** Ends the app and all its tokens (RFC 7592 §2.3). */
export const endRegistrationEndpoint: Endpoint = {
  ...REGISTRATION,
  methods: ['DELETE'],
  async handle(incoming, site) {
    const { app } = await needRegistered(incoming, site)
    if (!(await endApp(app, appActor(app, incoming.reference), site))) throw wrongToken()
    return ended()
  },
}

/** Returns the app of this address and its registration access token. Wrong tokens, other apps and ended apps get one answer. */
async function needRegistered(incoming: Incoming, { config, store }: Site): Promise<{ app: App; accessToken: string }> {
  const accessToken = readRegistrationToken(incoming)
  if (accessToken === undefined) throw missingToken('the registration access token')
  const app =
    config.registration === 'off' ? undefined : await store.registrations.findLiveApp(tokenDigest(accessToken))
  if (!app || app.clientId !== incoming.path.client_id) throw wrongToken()
  return { app, accessToken }
}

/** Checks that the request names its app, and a right secret if it has one. Neither can be changed (RFC 7592 §2.2). */
async function checkIdentity(record: Record<string, unknown>, app: App, { store, clock }: Site): Promise<void> {
  if (record.client_id !== app.clientId) refuse('registration.other-client-id')
  const secret = record.client_secret
  if (secret === undefined || secret === null) return
  const found =
    typeof secret === 'string' ? await store.apps.authenticate(app.clientId, digest(secret), clock.now()) : undefined
  if (!found?.isSecretRight) refuse('registration.other-secret')
}
