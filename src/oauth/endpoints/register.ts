import { registerItself } from '../../domain/apps/registration.ts'
import { type Actor, anonymousActor, tokenActor } from '../../domain/audit/actor.ts'
import { findLivePlatformToken } from '../../domain/tokens/platform-token.ts'
import type { Endpoint } from '../../endpoint.ts'
import { visitorKey } from '../../http/address.ts'
import type { Incoming } from '../../http/incoming.ts'
import type { Site } from '../../site.ts'
import { registrationErrors } from '../errors/oauth-errors.ts'
import { refuse } from '../errors/refusals.ts'
import { registrationAnswer } from '../registration/answer.ts'
import { readMetadata } from '../registration/metadata.ts'
import { withMetadataErrors } from '../registration/metadata-error.ts'
import { missingToken, readRegistrationToken, wrongToken } from '../registration/token.ts'

/** Client registration endpoint (RFC 7591 §3, OpenID Connect Registration §3). The operator configures who may register an app. */
export const registerEndpoint: Endpoint = {
  path: '/oauth/register',
  methods: ['POST'],
  readableBy: 'any-origin',
  metadata: ({ config }, url) => ({
    registration_endpoint: config.registration === 'off' ? undefined : url,
    // draft-ietf-oauth-client-id-metadata-document-02 §6
    client_id_metadata_document_supported: config.clientIdMetadataDocuments,
  }),
  errors: registrationErrors,
  async handle(incoming, site) {
    const by = await needRegistrar(incoming, site)
    const record = await readMetadata(incoming)
    const registered = await withMetadataErrors(() => registerItself(record, by, site))
    return registrationAnswer(201, registered.app, registered, site)
  },
}

/** Returns who registers the app. A token counts even where none is needed, because the app then belongs to the owner of the token. */
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
  limits.check('registrations', visitorKey(incoming.address))
  return anonymousActor(reference)
}
