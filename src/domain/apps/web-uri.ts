import { isLoopbackHost } from '../../kit/loopback.ts'
import type { Refusal } from '../../kit/refusal.ts'
import { uriFault } from './uri-refusals.ts'

/** Returns why a text is not a usable URI, or undefined. It is strict, because attackers use what parsers silently correct. */
export function faultOfUri(uri: string): Refusal | undefined {
  if (uri.length > 2000) return uriFault('uri.too-long')
  if (!/^[\x21-\x7E]+$/.test(uri) || /[\\<>"'`{}|^]/.test(uri)) return uriFault('uri.characters')
  if (/%(?![\da-f]{2})/i.test(uri)) return uriFault('uri.percent')
  const url = URL.parse(uri)
  if (!url) return uriFault('uri.relative')
  if (uri.includes('#')) return uriFault('uri.fragment')
  if (url.username || url.password || /^[a-z][a-z\d+.-]*:\/\/[^/?#]*@/i.test(uri)) return uriFault('uri.user')
  return undefined
}

/** Returns why a text is not a usable web URI, or undefined. It must be https, or http on a loopback host, in normal form. */
export function faultOfWebUri(uri: string): Refusal | undefined {
  const fault = faultOfUri(uri)
  if (fault) return fault
  const url = new URL(uri)
  if (!/^https?:\/\/[^/]/.test(uri)) return uriFault('uri.scheme')
  const [, host] = /^[a-z]+:\/\/([^/?]*)/.exec(uri)!
  if (host !== url.host) return uriFault('uri.host', { host: url.host })
  if (url.hostname.endsWith('.')) return uriFault('uri.host-dot')
  if (/\/\.{1,2}(\/|;|%2f|%5c|$)|%2e/i.test(uri.split('?')[0]!)) return uriFault('uri.dot-segments')
  if (url.protocol === 'http:' && !isLoopbackHost(url.hostname)) return uriFault('uri.http')
  return undefined
}
