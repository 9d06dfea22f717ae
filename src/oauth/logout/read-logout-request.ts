import {
  type LogoutRequest,
  MAX_SEALED_LENGTH,
  mayReturnTo,
  sealLogoutRequest,
} from '../../domain/people/logout-request.ts'
import type { Params } from '../../http/params.ts'
import type { Site } from '../../site.ts'
import type { App } from '../../store/nouns/apps.ts'
import { readLocales } from '../authorize/parameters.ts'
import { type OwnIdToken, readOwnIdToken } from '../checks/own-id-token.ts'
import { refuse } from '../errors/refusals.ts'

const MAX_LENGTH = 1024

/**
 * Reads an app's logout request (OpenID Connect RP-Initiated Logout §2). Errors are shown on a page and never redirected (§4), because only
 * these parameters prove which app asks.
 */
export async function readLogoutRequest(params: Params, site: Site): Promise<LogoutRequest> {
  const hint = await readHint(params, site)
  const app = await findApp(params, hint, site)
  const request = {
    appUid: app?.uid ?? null,
    named: hint ? { sid: hint.sid, subject: hint.subject } : null,
    returnTo: readReturn(params, app, site),
    state: params.get('state') ?? null,
    loginHint: limited(params, 'logout_hint'),
    locales: readLocales(params.get('lang'), params.get('ui_locales')),
    expiresAt: site.clock.now() + site.config.requestLifetime,
  }
  if (sealLogoutRequest(request, site.seal).length > MAX_SEALED_LENGTH) refuse('logout.too-long')
  return request
}

/** Reads an ID token of this server. It may have expired, because people sign out long after they sign in (§2). */
async function readHint(params: Params, site: Site): Promise<OwnIdToken | undefined> {
  const text = params.get('id_token_hint')
  return text === undefined ? undefined : ((await readOwnIdToken(text, site)) ?? refuse('logout.foreign-hint'))
}

/** Finds the app that the ID token was issued to, or that client_id names. They must be the same (§2). */
async function findApp(params: Params, hint: OwnIdToken | undefined, { store }: Site): Promise<App | undefined> {
  const sent = limited(params, 'client_id')
  if (hint && sent !== null && sent !== hint.clientId) refuse('logout.other-client')
  const clientId = hint?.clientId ?? sent
  if (clientId === null) return undefined
  const app = await store.apps.findLiveByClientId(clientId)
  return app ?? refuse(hint ? 'logout.hint-of-removed-app' : 'client-id.unknown')
}

function readReturn(params: Params, app: App | undefined, { config }: Site): string | null {
  const uri = params.get('post_logout_redirect_uri')
  if (uri === undefined) return null
  if (!app) refuse('logout.return-without-app')
  if (mayReturnTo(app, uri, config)) return uri
  return refuse(app.protocol.postLogoutRedirectUris?.length ? 'logout.return-unregistered' : 'logout.none-registered')
}

function limited(params: Params, name: string): string | null {
  const value = params.get(name) ?? null
  if (value === null || value.length <= MAX_LENGTH) return value
  return refuse('parameter.too-long', { parameter: name, most: MAX_LENGTH })
}
