import { refuse } from './refusals.ts'
import { faultOfUri, faultOfWebUri } from './web-uri.ts'

/** What an answer appends, in any of its modes; a registered URI that holds one of them already would make two. */
const RESERVED = ['code', 'state', 'iss', 'error', 'error_description', 'error_uri', 'response']

/**
 * Refuses a URI that no app may be sent back to: https, or http on this very machine, or a private-use scheme with a dot for native
 * apps (RFC 8252 §7); absolute, without fragment (RFC 6749 §3.1.2) and without user name. It is kept exactly as given.
 */
export function checkRedirectUri(uri: string, field: string): void {
  const fault = faultOf(uri)
  if (fault) refuse('redirect-uri.unusable', { field, uri: JSON.stringify(uri.slice(0, 200)), fault })
}

function faultOf(uri: string): string | undefined {
  const fault = isOfTheWeb(uri) ? faultOfWebUri(uri) : faultOfPrivateUri(uri)
  if (fault) return fault
  if (uri.includes('*')) return 'wildcards are not allowed, register each URI'
  const { searchParams } = new URL(uri)
  const reserved = RESERVED.find((name) => searchParams.has(name))
  return reserved && `its query has ${reserved}, which the answer adds`
}

const isOfTheWeb = (uri: string) => /^https?:/i.test(uri)

function faultOfPrivateUri(uri: string): string | undefined {
  const isPrivate = /^[a-z][a-z\d+-]*(\.[a-z\d+-]+)+:\//.test(uri)
  return (
    faultOfUri(uri) ??
    (isPrivate ? undefined : 'use https, or a scheme of your own with a dot such as com.example.app:/callback')
  )
}

/**
 * Whether a URI is one of the registered ones, letter for letter (RFC 9700 §2.1). Only the port of a loopback address literal may
 * differ, because a native app cannot know it beforehand (RFC 8252 §7.3).
 */
export function isRegistered(registered: readonly string[], uri: string): boolean {
  if (registered.includes(uri)) return true
  const loopback = LOOPBACK_LITERAL.exec(uri)
  if (!loopback || Number(loopback[2] ?? 0) > 65_535) return false
  return registered.some((each) => {
    const known = LOOPBACK_LITERAL.exec(each)
    return known !== null && known[1] === loopback[1] && known[3] === loopback[3]
  })
}

const LOOPBACK_LITERAL = /^(http:\/\/(?:127\.0\.0\.1|\[::1\]))(?::(\d{1,5}))?(\/.*|\?.*|)$/s

/** Where the browser goes back to, for people: a host, or the scheme of a native app. */
export function returnsTo(uri: string): string {
  const { protocol, host } = new URL(uri)
  // Behind a private scheme anything may stand where a host would be, and none of it is true.
  return protocol === 'https:' || protocol === 'http:' ? host : protocol.slice(0, -1)
}

/** Whether only the app can receive what is sent to this address: https, but no local port and no private scheme (RFC 8252 §8.6). */
export function isClaimed(uri: string): boolean {
  return uri.startsWith('https://')
}
