import type { Clock } from '../../kit/clock.ts'
import type { Seal } from '../../kit/seal.ts'
import type { App } from '../../store/nouns/apps.ts'
import type { Store } from '../../store/store.ts'
import { checkRedirectUri } from '../apps/redirect-uri.ts'

/** An app's request to sign a person out, checked. The browser carries it sealed from page to page. */
export interface LogoutRequest {
  /** Null when the request names no app. */
  appUid: string | null
  /** The session and the person that the app's ID token names, if it sent one. */
  named: { sid: string | undefined; subject: string } | null
  /** Where the person goes afterwards: one of the app's own addresses. */
  returnTo: string | null
  state: string | null
  /** The email of the person that the app expects to be signed in. */
  loginHint: string | null
  /** Languages the app asks for, the best first. */
  locales: readonly string[]
  expiresAt: number
}

/** An app and, if it may have one, the URL that leads back to it. */
export interface WayBack {
  app: App
  url: string | undefined
}

const PURPOSE = 'logout request'
/** Characters of a sealed request: it travels in addresses, which have to stay below what servers and browsers take. */
export const MAX_SEALED_LENGTH = 8192

/** The request as the browser carries it from page to page. */
export function sealLogoutRequest(request: LogoutRequest, seal: Seal): string {
  return seal.close(PURPOSE, JSON.stringify(request))
}

/** Opens a sealed request. Undefined if it is not ours or has expired. */
export function unsealLogoutRequest(
  sealed: string | undefined,
  { seal, clock }: { seal: Seal; clock: Clock },
): LogoutRequest | undefined {
  if (sealed === undefined || sealed.length > MAX_SEALED_LENGTH) return undefined
  const text = seal.open(PURPOSE, sealed)
  const request = text === undefined ? undefined : (JSON.parse(text) as LogoutRequest)
  return request && request.expiresAt > clock.now() ? request : undefined
}

/**
 * The app that sent the person and, if it asked for one of its registered URIs, the URL to go back to (OpenID Connect RP-Initiated Logout
 * §3). Looked up when it is needed, because the URI may have been removed from the app in the meantime.
 */
export async function findWayBack(request: LogoutRequest | undefined, store: Store): Promise<WayBack | undefined> {
  const app = request?.appUid ? await store.apps.findLive(request.appUid) : undefined
  if (!request || !app || app.endedAt !== null) return undefined
  const { returnTo, state } = request
  return { app, url: returnTo !== null && mayReturnTo(app, returnTo) ? withState(returnTo, state) : undefined }
}

/** Whether people may be redirected to this URI after signing out: it must equal a registered one exactly. */
export function mayReturnTo(app: App, uri: string): boolean {
  return (app.protocol.postLogoutRedirectUris ?? []).includes(uri) && isFit(uri)
}

/** Checks the URI again: the rules may have become stricter after it was registered. */
function isFit(uri: string): boolean {
  try {
    checkRedirectUri(uri, 'post_logout_redirect_uri')
    return true
  } catch {
    return false
  }
}

function withState(uri: string, state: string | null): string {
  if (state === null) return uri
  const joint = !uri.includes('?') ? '?' : /[?&]$/.test(uri) ? '' : '&'
  return `${uri}${joint}state=${encodeURIComponent(state)}`
}
