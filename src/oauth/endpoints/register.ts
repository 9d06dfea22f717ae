import { registerItself } from '../../domain/apps/registration.ts'
import { type Actor, nobodyActor, tokenActor } from '../../domain/audit/actor.ts'
import { findLivePlatformToken } from '../../domain/tokens/platform-token.ts'
import type { Endpoint } from '../../endpoint.ts'
import { visitorKey } from '../../http/address.ts'
import type { Incoming } from '../../http/incoming.ts'
import type { Answer } from '../../http/reply.ts'
import type { Site } from '../../site.ts'
import { refuse } from '../errors/refusals.ts'
import { registrationAnswer } from '../registration/answer.ts'
import { readDescription } from '../registration/body.ts'
import { withMetadataErrors } from '../registration/metadata-error.ts'
import { registrationErrors } from '../registration/registration-errors.ts'
import { missingToken, readRegistrationToken, wrongToken } from '../registration/token.ts'

/** How apps that the platform does not know may come in (RFC 8414 §2, draft-ietf-oauth-client-id-metadata-document-02 §6). */
export const registerEndpoint: Endpoint = {
  path: '/oauth/register',
  methods: ['POST'],
  readableBy: 'any-origin',
  metadata: ({ config }, at) => ({
    registration_endpoint: config.registration === 'off' ? undefined : at('/oauth/register'),
    client_id_metadata_document_supported: config.clientIdMetadataDocuments,
  }),
  errors: registrationErrors,
  handle: register,
}

/** RFC 7591 §3, OpenID Connect Registration §3. Who may register is the operator's to say; what comes of it is an app nobody vouches for. */
async function register(incoming: Incoming, site: Site): Promise<Answer> {
  const by = await needRegistrar(incoming, site)
  const record = await readDescription(incoming)
  const registered = await withMetadataErrors(() => registerItself(record, by, site))
  return registrationAnswer(201, registered.app, registered, site)
}

/** A token that is sent counts even where none is needed: what is registered with it belongs to whoever handed it out. */
async function needRegistrar(incoming: Incoming, site: Site): Promise<Actor> {
  const { config, limits } = site
  const { reference } = incoming
  if (config.registration === 'off') refuse('registration.off')
  const token = readRegistrationToken(incoming)
  if (token !== undefined) {
    const known = await findLivePlatformToken(token, site)
    if (known?.kind !== 'registration') throw wrongToken()
    return tokenActor(known, reference)
  }
  if (config.registration === 'token') throw missingToken('an initial access token')
  await limits.check('registrations', visitorKey(incoming.address))
  return { ...nobodyActor(reference), directoryUid: null }
}
