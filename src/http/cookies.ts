import { isToken } from '../kit/id.ts'
import type { Incoming } from './incoming.ts'

/**
 * Our two cookies. `session` identifies a signed-in browser; `browser` binds pending requests and forms to the browser that started them.
 * Under https they have the `__Host-` prefix, so that no sibling host can set them. Below the path of an issuer they have `__Secure-` instead,
 * because `__Host-` needs the path `/`, with which other programs on the host would receive them.
 */
export type CookieName = 'session' | 'browser'

export interface Cookies {
  read(incoming: Incoming, name: CookieName): string | undefined
  /** Returns a Set-Cookie line. `lifetime` is in seconds; without it the cookie ends when the browser closes. */
  write(name: CookieName, value: string, lifetime?: number): string
  clear(name: CookieName): string
}

export function openCookies(secure: boolean, basePath = ''): Cookies {
  const prefix = !secure ? '' : basePath === '' ? '__Host-' : '__Secure-'
  const full = (name: CookieName) => `${prefix}behalf-${name}`
  const flags = `Path=${basePath || '/'}; HttpOnly; SameSite=Lax${secure ? '; Secure' : ''}`
  return {
    // Ignore values that we cannot have set.
    read: (incoming, name) => {
      const value = findValue(full(name), incoming.header('cookie') ?? '')
      return value !== undefined && isToken(value) ? value : undefined
    },
    write: (name, value, lifetime) =>
      `${full(name)}=${value}; ${flags}${lifetime === undefined ? '' : `; Max-Age=${lifetime}`}`,
    clear: (name) => `${full(name)}=; ${flags}; Max-Age=0`,
  }
}

const MAX_COOKIES = 100

/**
 * Returns the first cookie of this name: it has the longest path, and one from a sibling host comes later. Only HTTP white space may come
 * before the name (RFC 6265 §4.2.1): browsers let any sibling set a name that begins with another kind of white space.
 */
function findValue(name: string, header: string): string | undefined {
  const pairs = header.split(';', MAX_COOKIES).map((pair) => pair.replace(/^[ \t]+/, ''))
  const found = pairs.find((pair) => pair.startsWith(`${name}=`))
  return found?.slice(name.length + 1)
}
