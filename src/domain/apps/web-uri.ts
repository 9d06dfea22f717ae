const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]'])

/** Why a text is no URI that we would ever use, or undefined: what parsers quietly repair is what attackers play with. */
export function faultOfUri(uri: string): string | undefined {
  if (uri.length > 2000) return 'it is longer than 2000 characters'
  if (!/^[\x21-\x7E]+$/.test(uri) || /[\\<>"'`{}|^]/.test(uri)) return 'it holds characters that a URI has to encode'
  if (/%(?![\da-f]{2})/i.test(uri)) return 'it has a % that begins no encoded character'
  const url = URL.parse(uri)
  if (!url) return 'it is not an absolute URI'
  if (uri.includes('#')) return 'it has a fragment'
  if (url.username || url.password || /^[a-z][a-z\d+.-]*:\/\/[^/?#]*@/i.test(uri)) return 'it has a user name'
  return undefined
}

/** Why a text is no web URI that we would use, or undefined. It is https, or http on this machine, and written as a parser would write it. */
export function faultOfWebUri(uri: string): string | undefined {
  const fault = faultOfUri(uri)
  if (fault) return fault
  const url = new URL(uri)
  if (!/^https?:\/\/[^/]/.test(uri)) return 'it has to begin with https:// in lower case'
  const [, host] = /^[a-z]+:\/\/([^/?]*)/.exec(uri)!
  if (host !== url.host) return `write its host as ${url.host}`
  if (url.hostname.endsWith('.')) return 'its host ends in a dot'
  if (/\/\.{1,2}(\/|;|%2f|%5c|$)|%2e/i.test(uri.split('?')[0]!)) return 'its path has dot segments'
  if (url.protocol === 'http:' && !LOOPBACK.has(url.hostname)) return 'http is for this machine alone, use https'
  return undefined
}
