import { isLoopbackHost } from '../../kit/loopback.ts'

/** Returns why a text is not a usable URI, or undefined. It is strict, because attackers use what parsers silently correct. */
export function faultOfUri(uri: string): string | undefined {
  if (uri.length > 2000) return 'it is longer than 2000 characters'
  if (!/^[\x21-\x7E]+$/.test(uri) || /[\\<>"'`{}|^]/.test(uri)) return 'it has characters that a URI must encode'
  if (/%(?![\da-f]{2})/i.test(uri)) return 'it has a % that does not begin an encoded character'
  const url = URL.parse(uri)
  if (!url) return 'it is not an absolute URI'
  if (uri.includes('#')) return 'it has a fragment'
  if (url.username || url.password || /^[a-z][a-z\d+.-]*:\/\/[^/?#]*@/i.test(uri)) return 'it has a user name'
  return undefined
}

/** Returns why a text is not a usable web URI, or undefined. It must be https, or http on a loopback host, in normal form. */
export function faultOfWebUri(uri: string): string | undefined {
  const fault = faultOfUri(uri)
  if (fault) return fault
  const url = new URL(uri)
  if (!/^https?:\/\/[^/]/.test(uri)) return 'it must begin with https:// in lower case'
  const [, host] = /^[a-z]+:\/\/([^/?]*)/.exec(uri)!
  if (host !== url.host) return `write its host as ${url.host}`
  if (url.hostname.endsWith('.')) return 'its host ends in a dot'
  if (/\/\.{1,2}(\/|;|%2f|%5c|$)|%2e/i.test(uri.split('?')[0]!)) return 'its path has dot segments'
  if (url.protocol === 'http:' && !isLoopbackHost(url.hostname)) return 'http is only for loopback addresses, use https'
  return undefined
}
