import type { Clock } from '../../kit/clock.ts'
import type { Seal } from '../../kit/seal.ts'
import type { App } from '../../store/nouns/apps.ts'
import type { Store } from '../../store/store.ts'
import { checkRedirectUri } from '../apps/redirect-uri.ts'

/** What an app asked for when it sent a person here to sign out; everything checked. The browser carries it sealed from page to page. */
export interface LogoutRequest {
  /** Null when no app said who it is. */
  appUid: string | null
  /** Whose session the app meant, when it showed an ID token that we gave it. */
  named: { sid: string | undefined; subject: string } | null
  /** Where the person goes afterwards: one of the app's own addresses. */
  returnTo: string | null
  state: string | null
  /** Whom the app believes to be here, as people sign in. */
  loginHint: string | null
  /** Languages the app asks for, the best first. */
  locales: readonly string[]
  expiresAt: number
}

/** An app and, where it may have one, the address that leads back to it. */
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

/** What was sealed, if it is ours and not too old. */
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
 * The app that sent the person and, if it asked for one of its own addresses, the way back (OpenID Connect RP-Initiated Logout §3). Looked
 * up when it is needed, because the address may have been taken off the app meanwhile.
 */
export async function findWayBack(request: LogoutRequest | undefined, store: Store): Promise<WayBack | undefined> {
  const app = request?.appUid ? await store.apps.findLive(request.appUid) : undefined
  if (!request || !app || app.endedAt !== null) return undefined
  const { returnTo, state } = request
  return { app, url: returnTo !== null && mayReturnTo(app, returnTo) ? withState(returnTo, state) : undefined }
}

/** Whether people may be sent to this address from a sign-out: it is registered for that, letter for letter. */
export function mayReturnTo(app: App, uri: string): boolean {
  return (app.protocol.postLogoutRedirectUris ?? []).includes(uri) && isFit(uri)
}

/** Rules become stricter after an address was registered, and this is the moment that counts. */
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
