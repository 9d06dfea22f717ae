import { clientMetadata } from '../../domain/apps/client-metadata.ts'
import { type Answer, json } from '../../http/reply.ts'
import type { Site } from '../../site.ts'
import type { App } from '../../store/nouns/apps.ts'

/** Returns the client information response (RFC 7591 §3.2.1, RFC 7592 §3): all current metadata, and the secret if it is new. */
export function registrationAnswer(
  status: 200 | 201,
  app: App,
  { secret, accessToken }: { secret: string | null; accessToken: string },
  { config }: Site,
): Answer {
  return json(status, {
    ...clientMetadata(app),
    client_id_issued_at: app.createdAt,
    ...(secret === null ? {} : { client_secret: secret, client_secret_expires_at: 0 }),
    registration_access_token: accessToken,
    registration_client_uri: `${config.issuer}/oauth/register/${app.clientId}`,
  })
}
