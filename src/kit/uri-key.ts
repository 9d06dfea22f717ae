/**
 * Returns a text that is the same for http and https URIs that every server treats as the same (RFC 3986 §6.2.2.1, §6.2.3): the case of scheme and
 * host, a port that is the default, and the slash of an empty path make no difference. Any other URI is returned unchanged.
 */
export function uriKey(uri: string): string {
  const [, scheme, authority, rest] = /^(https?):\/\/([^/?#]+)(.*)$/is.exec(uri) ?? []
  if (!scheme || !authority || rest === undefined) return uri
  const isSecure = scheme.toLowerCase() === 'https'
  const host = authority.toLowerCase().replace(isSecure ? /:(443)?$/ : /:(80)?$/, '')
  const path = /^\/(?=$|[?#])/.test(rest) ? rest.slice(1) : rest
  return `${isSecure ? 'https' : 'http'}://${host}${path}`
}

/** Whether two URIs differ at most in what `uriKey` ignores. */
export function isSameUri(one: string, other: string): boolean {
  return one === other || uriKey(one) === uriKey(other)
}
