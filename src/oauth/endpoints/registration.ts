import { endApp } from '../../domain/apps/end-app.ts'
import { replaceRegistration } from '../../domain/apps/registration.ts'
import { appActor } from '../../domain/audit/actor.ts'
import type { Endpoint } from '../../endpoint.ts'
import type { Incoming } from '../../http/incoming.ts'
import { type Answer, ended } from '../../http/reply.ts'
import { digest, tokenDigest } from '../../kit/digest.ts'
import type { Site } from '../../site.ts'
import type { App } from '../../store/nouns/apps.ts'
import { refuse } from '../errors/refusals.ts'
import { registrationAnswer } from '../registration/answer.ts'
import { readDescription } from '../registration/body.ts'
import { withMetadataErrors } from '../registration/metadata-error.ts'
import { registrationErrors } from '../registration/registration-errors.ts'
import { missingToken, readRegistrationToken, wrongToken } from '../registration/token.ts'

const PATH = '/oauth/register/:client_id'

export const showRegistrationEndpoint: Endpoint = {
  path: PATH,
  methods: ['GET'],
  readableBy: 'any-origin',
  errors: registrationErrors,
  handle: showRegistration,
}

/** RFC 7592 §2.1: reads a registration as it now is. */
async function showRegistration(incoming: Incoming, site: Site): Promise<Answer> {
  const { app, accessToken } = await needRegistered(incoming, site)
  return registrationAnswer(200, app, { secret: null, accessToken }, site)
}

export const changeRegistrationEndpoint: Endpoint = {
  path: PATH,
  methods: ['PUT'],
  readableBy: 'any-origin',
  errors: registrationErrors,
  handle: changeRegistration,
}

/** RFC 7592 §2.2: replaces a registration as a whole. What is left out is as if it never had been said. */
async function changeRegistration(incoming: Incoming, site: Site): Promise<Answer> {
  const { app, accessToken } = await needRegistered(incoming, site)
  await site.limits.check('registration-changes', app.uid)
  const record = await readDescription(incoming)
  const replaced = await withMetadataErrors(async () => {
    await checkIdentity(record, app, site)
    return replaceRegistration(app, record, accessToken, appActor(app, incoming.reference), site)
  })
  return registrationAnswer(200, replaced.app, replaced, site)
}

export const endRegistrationEndpoint: Endpoint = {
  path: PATH,
  methods: ['DELETE'],
  readableBy: 'any-origin',
  errors: registrationErrors,
  handle: endRegistration,
}

/** RFC 7592 §2.3: ends the app, and with it every token of it. */
async function endRegistration(incoming: Incoming, site: Site): Promise<Answer> {
  const { app } = await needRegistered(incoming, site)
  if (!(await endApp(app, appActor(app, incoming.reference), site))) throw wrongToken()
  return ended()
}

/** The app of this address, to whoever holds its registration access token. Wrong, foreign and gone are told alike. */
async function needRegistered(incoming: Incoming, { config, store }: Site): Promise<{ app: App; accessToken: string }> {
  const accessToken = readRegistrationToken(incoming)
  if (accessToken === undefined) throw missingToken('the registration access token')
  const app =
    config.registration === 'off' ? undefined : await store.registrations.findLiveApp(tokenDigest(accessToken))
  if (!app || app.clientId !== incoming.path.client_id) throw wrongToken()
  return { app, accessToken }
}

/** The request has to say which app it means, and may show the secret it knows; neither can be chosen (RFC 7592 §2.2). */
async function checkIdentity(record: Record<string, unknown>, app: App, { store, clock }: Site): Promise<void> {
  if (record.client_id !== app.clientId) refuse('registration.other-client-id')
  const secret = record.client_secret
  if (secret === undefined || secret === null) return
  const found =
    typeof secret === 'string' ? await store.apps.authenticate(app.clientId, digest(secret), clock.now()) : undefined
  if (found?.isSecretRight) return
  refuse('registration.other-secret')
}
