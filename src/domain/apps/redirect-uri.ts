import type { Config } from '../../config/load.ts'
import { isLoopbackHost, LOOPBACK_HOST } from '../../kit/loopback.ts'
import type { Refusal } from '../../kit/refusal.ts'
import { RESPONSE_PARAMETERS } from './app-protocol.ts'
import { refuse } from './refusals.ts'
import { uriFault } from './uri-refusals.ts'
import { faultOfUri, faultOfWebUri } from './web-uri.ts'

type RedirectRules = Pick<Config, 'redirectSchemes'>

/**
 * Refuses a URI that cannot be a redirect URI. It must be https, http on a loopback address, or for native apps have a private-use scheme
 * (RFC 8252 §7) with a dot, or one without that the operator allows. It is absolute, and has no fragment (RFC 6749 §3.1.2) and no user
 * name. It is stored exactly as given.
 */
export function checkRedirectUri(uri: string, field: string, rules: RedirectRules): void {
  const fault = faultOfRedirectUri(uri, rules)
  if (fault) refuse('redirect-uri.unusable', { field, uri: JSON.stringify(uri.slice(0, 200)), fault })
}

/** Returns why a text cannot be a redirect URI, or undefined. */
export function faultOfRedirectUri(uri: string, rules: RedirectRules): Refusal | undefined {
  const fault = isOfTheWeb(uri) ? faultOfWebUri(uri) : (faultOfUri(uri) ?? faultOfPrivateUri(uri, rules))
  if (fault) return fault
  if (uri.includes('*')) return uriFault('uri.wildcard')
  const { searchParams } = new URL(uri)
  const reserved = RESPONSE_PARAMETERS.find((name) => searchParams.has(name))
  return reserved === undefined ? undefined : uriFault('uri.response-parameter', { name: reserved })
}

/** Whether a browser loads the URI itself. It opens another program for every other one. */
export const isOfTheWeb = (uri: string): boolean => /^https?:/i.test(uri)

function faultOfPrivateUri(uri: string, rules: RedirectRules): Refusal | undefined {
  const scheme = schemeOf(uri)
  if (!isSchemeAllowed(uri, rules)) return uriFault('uri.private-scheme')
  if (scheme !== scheme.toLowerCase()) return uriFault('uri.scheme-case', { scheme: scheme.toLowerCase() })
  if (/\.\.|\.$/.test(scheme)) return uriFault('uri.scheme-dot')
  return uri.startsWith(`${scheme}:/`) ? undefined : uriFault('uri.scheme-slash', { scheme })
}

/** Whether the URI has a private scheme without a dot, which any program can claim and no developer owns. */
export function hasSharedScheme(uri: string): boolean {
  return /^[^.:]+:/.test(uri) && !isOfTheWeb(uri)
}

/** Whether the operator allows the scheme of a URI. Only a private scheme without a dot needs that. */
export function isSchemeAllowed(uri: string, { redirectSchemes }: RedirectRules): boolean {
  return !hasSharedScheme(uri) || redirectSchemes.includes(schemeOf(uri))
}

const schemeOf = (uri: string) => uri.slice(0, uri.indexOf(':'))

/**
 * Whether a URI equals a registered one exactly (RFC 9700 §2.1). Only the port of a loopback address, of `localhost` or of a name below it may
 * differ, because a native app cannot know it in advance (RFC 8252 §7.3, RFC 9700 §4.1.3).
 */
export function isRegistered(registered: readonly string[], uri: string): boolean {
  if (registered.includes(uri)) return true
  const loopback = LOOPBACK_URI.exec(uri)
  if (!loopback || Number(loopback[2] ?? 0) > 65_535) return false
  return registered.some((each) => {
    const known = LOOPBACK_URI.exec(each)
    return known !== null && known[1] === loopback[1] && known[3] === loopback[3]
  })
}

const LOOPBACK_URI = new RegExp(String.raw`^(http://${LOOPBACK_HOST})(?::(\d{1,5}))?(/.*|\?.*|)$`, 's')

/** Returns where the browser goes back to, for people to read: a host, or the scheme of a native app. */
export function returnsTo(uri: string): string {
  const { protocol, host } = new URL(uri)
  // After a private scheme, the part in place of the host can claim anything.
  return protocol === 'https:' || protocol === 'http:' ? host : protocol.slice(0, -1)
}

/** Whether only the app can receive what is sent to this URI: https, but no host that is this device, and no private scheme (RFC 8252 §8.6). */
export function isClaimed(uri: string): boolean {
  return uri.startsWith('https://') && !isThisDevice(new URL(uri).hostname)
}

/** Any program of the device can listen there, with a certificate that the device trusts. */
const isThisDevice = (host: string) =>
  isLoopbackHost(host) || /^(127\.|0\.0\.0\.0$|\[::\]$|\[::ffff:(7f|0:0))/.test(host)
