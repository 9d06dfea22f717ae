import type { Seal } from '../../kit/seal.ts'
import type { App } from '../../store/nouns/apps.ts'
import { faultOfRedirectUri, isRegistered } from '../apps/redirect-uri.ts'
import type { Parts } from '../parts.ts'

/** A checked request of an app to sign a person out. The browser carries it sealed from page to page. */
export interface LogoutRequest {
  /** Null when the request names no app. */
  appUid: string | null
  /** The session and the person that the app's ID token names, if it sent one. */
  named: { sid: string | undefined; subject: string } | null
  /** A registered URI of the app, to which the person is redirected afterwards. */
  returnTo: string | null
  state: string | null
  /** The email of the person that the app expects. */
  loginHint: string | null
  /** Languages that the app prefers, best first. */
  locales: readonly string[]
  expiresAt: number
}

/** An app and the URL that leads back to it, if the request has one that is still registered. */
export interface WayBack {
  app: App
  url: string | undefined
}

const PURPOSE = 'logout request'
/** In characters. A sealed request is sent in URLs, whose length servers and browsers limit. */
export const MAX_SEALED_LENGTH = 8192

export function sealLogoutRequest(request: LogoutRequest, seal: Seal): string {
  return seal.close(PURPOSE, JSON.stringify(request))
}

/** Opens a sealed request. Returns undefined if it is not ours or has expired. */
export function unsealLogoutRequest(
  sealed: string | undefined,
  { seal, clock }: Pick<Parts, 'seal' | 'clock'>,
): LogoutRequest | undefined {
  if (sealed === undefined || sealed.length > MAX_SEALED_LENGTH) return undefined
  const text = seal.open(PURPOSE, sealed)
  const request = text === undefined ? undefined : (JSON.parse(text) as LogoutRequest)
  return request && request.expiresAt > clock.now() ? request : undefined
}

/**
 * Returns the app that sent the person, and the URL to go back to if it requested a registered one (OpenID Connect RP-Initiated Logout §3).
 * Looked up when it is needed, because the app may have removed the URI in the meantime.
 */
export async function findWayBack(
  request: LogoutRequest | undefined,
  { store, config }: Pick<Parts, 'store' | 'config'>,
): Promise<WayBack | undefined> {
  const app = request?.appUid ? await store.apps.findLive(request.appUid) : undefined
  if (!request || !app) return undefined
  const { returnTo, state } = request
  return { app, url: returnTo !== null && mayReturnTo(app, returnTo, config) ? withState(returnTo, state) : undefined }
}

/** Whether people may be redirected to this URI after they signed out: it must equal a registered one, as redirect URIs must. */
export function mayReturnTo(app: App, uri: string, config: Parts['config']): boolean {
  // Checked again, because the rules may have become stricter after it was registered.
  return isRegistered(app.protocol.postLogoutRedirectUris ?? [], uri) && faultOfRedirectUri(uri, config) === undefined
}

function withState(uri: string, state: string | null): string {
  if (state === null) return uri
  const joint = !uri.includes('?') ? '?' : /[?&]$/.test(uri) ? '' : '&'
  return `${uri}${joint}state=${encodeURIComponent(state)}`
}
