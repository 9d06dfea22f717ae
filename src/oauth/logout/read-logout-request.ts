import {
  type LogoutRequest,
  MAX_SEALED_LENGTH,
  mayReturnTo,
  sealLogoutRequest,
} from '../../domain/people/logout-request.ts'
import type { Params } from '../../http/params.ts'
import { Problem } from '../../kit/refusal.ts'
import type { Site } from '../../site.ts'
import type { App } from '../../store/nouns/apps.ts'
import { readLocales } from '../authorize/parameters.ts'
import { type OwnIdToken, readOwnIdToken } from '../checks/own-id-token.ts'

const LONGEST_TEXT = 1024

/**
 * Reads an app's logout request (OpenID Connect RP-Initiated Logout §2). Every error is shown to the person on a page and never redirected
 * (§4), because only these parameters prove which app asks.
 */
export async function readLogoutRequest(params: Params, site: Site): Promise<LogoutRequest> {
  const hint = await readHint(params, site)
  const app = await findAsker(params, hint, site)
  const request = {
    appUid: app?.uid ?? null,
    named: hint ? { sid: hint.sid, subject: hint.subject } : null,
    returnTo: readReturn(params, app),
    state: params.get('state') ?? null,
    loginHint: limited(params, 'logout_hint'),
    locales: readLocales(params.get('lang'), params.get('ui_locales')),
    expiresAt: site.clock.now() + site.config.requestLifetime,
  }
  if (sealLogoutRequest(request, site.seal).length > MAX_SEALED_LENGTH)
    throw new Problem(400, 'The parameters are together too long. Send a shorter state.', { field: 'state' })
  return request
}

/** Reads an ID token that we issued. It may have expired, because people sign out long after they have signed in (§2). */
async function readHint(params: Params, site: Site): Promise<OwnIdToken | undefined> {
  const text = params.get('id_token_hint')
  const hint = text === undefined ? undefined : await readOwnIdToken(text, site)
  if (text === undefined || hint) return hint
  const sentence =
    'The id_token_hint is not an ID token of this server, or it was changed. Send the one that came with the sign-in, as it is, or leave it out.'
  throw new Problem(400, sentence, { field: 'id_token_hint' })
}

/** The app that the ID token was issued to, or that client_id names; they must be the same (§2). */
async function findAsker(params: Params, hint: OwnIdToken | undefined, { store }: Site): Promise<App | undefined> {
  const sent = limited(params, 'client_id')
  if (hint && sent !== null && sent !== hint.clientId) {
    const sentence = 'The client_id is not that of the app which the id_token_hint was given to.'
    throw new Problem(400, sentence, { field: 'client_id' })
  }
  const clientId = hint?.clientId ?? sent
  if (clientId === null) return undefined
  const app = await store.apps.findLiveByClientId(clientId)
  if (app) return app
  const [field, what] = hint ? ['id_token_hint', 'was given to an app that was removed'] : ['client_id', 'is not known']
  throw new Problem(400, `The ${field} ${what}.`, { field })
}

function readReturn(params: Params, app: App | undefined): string | null {
  const field = 'post_logout_redirect_uri'
  const uri = params.get(field)
  if (uri === undefined) return null
  if (!app) throw new Problem(400, `With a ${field} send the id_token_hint, or at least the client_id.`, { field })
  if (mayReturnTo(app, uri)) return uri
  const why = app.protocol.postLogoutRedirectUris?.length
    ? 'is not one that the app has registered for this. It must be the same, letter for letter.'
    : 'cannot be used: the app has registered none.'
  throw new Problem(400, `The ${field} ${why}`, { field })
}

function limited(params: Params, name: string): string | null {
  const value = params.get(name) ?? null
  if (value === null || value.length <= LONGEST_TEXT) return value
  throw new Problem(400, `The ${name} is longer than ${LONGEST_TEXT} characters.`, { field: name })
}
