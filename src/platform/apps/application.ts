import { protocolMembers } from '../../domain/apps/app-protocol.ts'
import type { App } from '../../store/nouns/apps.ts'

/** An app as this API shows it. Its secret is not among what an App knows. */
export function application(app: App): Record<string, unknown> {
  return {
    ...app.listing,
    app_code_name: app.codeName,
    app_id: app.uid,
    client_id: app.clientId,
    directory_uid: app.directoryUid,
    name: app.name,
    redirect_uri: app.redirectUri,
    oauth_redirect_uris: app.redirectUris.slice(1),
    trusted: app.trusted,
    public: app.public,
    scopes: app.scopes,
    openid: app.scopes.includes('openid'),
    access_token_format: app.accessTokenFormat,
    access_token_lifetime: app.accessTokenLifetime,
    client_auth_jwks_uri: app.jwksUri,
    ...protocolMembers(app.protocol),
    created_at: app.createdAt,
  }
}
