import { isRegistered, isSchemeAllowed } from '../../domain/apps/redirect-uri.ts'
import { resolveDescribedApp } from '../../domain/apps/resolve-described-app.ts'
import type { AuthorizationRequest } from '../../domain/requests/authorization-request.ts'
import { visitorKey } from '../../http/address.ts'
import type { Incoming } from '../../http/incoming.ts'
import type { Params } from '../../http/params.ts'
import { isHttpUrl } from '../../kit/http-url.ts'
import type { Site } from '../../site.ts'
import type { App } from '../../store/nouns/apps.ts'
import { readResources } from '../checks/resource.ts'
import { refuse } from '../errors/refusals.ts'
import { readClaimsParameter } from './claims-parameter.ts'
import { type RequestEndpoint, readLocales, readParameters } from './parameters.ts'
import { checkArrival } from './request-checks.ts'

const MAX_CLIENT_ID_LENGTH = 2000

/** An app and one of its redirect URIs. Errors may now go back to the app. */
export interface Proven {
  app: App
  redirectUri: string
  redirectUriSent: boolean
}

/**
 * Checks client_id and redirect_uri (RFC 6749 §3.1.2.4). Its refusals are shown on a page, because the redirect URI may not belong to the
 * app.
 */
export async function proveClient(params: Params, incoming: Incoming, site: Site): Promise<Proven> {
  const clientId = params.need('client_id')
  const app = await findApp(clientId, incoming, site)
  return proveRedirectUri(params, app ?? refuse('client-id.unknown'), site)
}

/** Finds an app by a client id that we gave, or by the URL of its metadata document. */
async function findApp(clientId: string, incoming: Incoming, site: Site): Promise<App | undefined> {
  if (isHttpUrl(clientId)) return resolveDescribedApp(clientId, visitorKey(incoming.address), site)
  return clientId.length > MAX_CLIENT_ID_LENGTH ? undefined : site.store.apps.findLiveByClientId(clientId)
}

export function proveRedirectUri(params: Params, app: App, { config }: Pick<Site, 'config'>): Proven {
  const sent = params.get('redirect_uri')
  if (sent === undefined && app.redirectUris.length > 1) refuse('redirect-uri.missing-of-several')
  // Apps that registered themselves must follow the standard, which requires it (OpenID Connect Core §3.1.2.1).
  if (sent === undefined && app.origin !== 'platform') refuse('redirect-uri.missing-of-self-registered')
  if (sent === undefined && app.protocol.requireExplicitRequest === true) refuse('redirect-uri.missing-of-explicit')
  const redirectUri = sent ?? app.redirectUri
  if (!isRegistered(app.redirectUris, redirectUri)) refuse('redirect-uri.unregistered')
  if (!isSchemeAllowed(redirectUri, config)) refuse('redirect-uri.scheme-withdrawn')
  return { app, redirectUri, redirectUriSent: sent !== undefined }
}

/** Reads and checks the other parameters. `hint` is the id_token_hint, which is compared with the signed-in person later. */
export async function readRequest(
  params: Params,
  endpoint: RequestEndpoint,
  { app, redirectUri, redirectUriSent }: Proven,
  site: Site,
): Promise<{ request: AuthorizationRequest; hint: string | undefined }> {
  const sent = readParameters(params, endpoint)
  const scopes = sent.scope ?? app.scopes
  await checkArrival({ sent, scopes, redirectUri, app, site })
  const resources = await readResources(params, scopes, app, site)
  const request: AuthorizationRequest = {
    clientId: app.clientId,
    redirectUri,
    redirectUriSent,
    state: sent.state ?? null,
    scopes,
    nonce: sent.nonce ?? null,
    codeChallenge: sent.code_challenge ?? null,
    prompt: sent.prompt,
    maxAge: sent.max_age ?? app.protocol.defaultMaxAge ?? null,
    freshLogin: sent.prompt.includes('login') || sent.logout,
    loginHint: sent.login_hint ?? sent.email ?? null,
    locales: readLocales(sent.lang, sent.ui_locales),
    businessUid: sent.business_uid ?? null,
    hintedSubject: null,
    responseMode: sent.response_mode,
    claims: sent.claims === undefined ? null : readClaimsParameter(sent.claims, scopes, app, site),
    resources,
    acrValues: sent.acr_values,
    display: sent.display ?? null,
    pushed: null,
  }
  return { request, hint: sent.id_token_hint }
}
