import { isToken } from '../kit/id.ts'
import type { Incoming } from './incoming.ts'

/**
 * The two cookies there are. `session` is a signed-in browser; `browser` ties waiting requests and forms to the browser that began them.
 * Under https they bear the `__Host-` prefix, so that no sibling host can set them.
 */
export type CookieName = 'session' | 'browser'

export interface Cookies {
  read(incoming: Incoming, name: CookieName): string | undefined
  /** The Set-Cookie line; without `lifetime` it goes when the browser closes. */
  write(name: CookieName, value: string, lifetime?: number): string
  clear(name: CookieName): string
}

export function openCookies(secure: boolean): Cookies {
  const full = (name: CookieName) => `${secure ? '__Host-' : ''}behalf-${name}`
  const flags = `Path=/; HttpOnly; SameSite=Lax${secure ? '; Secure' : ''}`
  return {
    // Only what we could have set ourselves; anything else was put there by somebody else.
    read: (incoming, name) => {
      const value = findValue(full(name), incoming.header('cookie') ?? '')
      return value !== undefined && isToken(value) ? value : undefined
    },
    write: (name, value, lifetime) =>
      `${full(name)}=${value}; ${flags}${lifetime === undefined ? '' : `; Max-Age=${lifetime}`}`,
    clear: (name) => `${full(name)}=; ${flags}; Max-Age=0`,
  }
}

const MOST = 100

/**
 * The first of a name wins: it has the longest path, and a tossed one from a sibling host comes later. Before it may stand what HTTP has as
 * white space and nothing else (RFC 6265 §4.2.1): a name that begins with another kind of it is one that browsers let any sibling set.
 */
function findValue(name: string, header: string): string | undefined {
  const pairs = header.split(';', MOST).map((pair) => pair.replace(/^[ \t]+/, ''))
  const found = pairs.find((pair) => pair.startsWith(`${name}=`))
  return found?.slice(name.length + 1)
}
