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
      const value = incoming.cookie(full(name))
      return value && isToken(value) ? value : undefined
    },
    write: (name, value, lifetime) =>
      `${full(name)}=${value}; ${flags}${lifetime === undefined ? '' : `; Max-Age=${lifetime}`}`,
    clear: (name) => `${full(name)}=; ${flags}; Max-Age=0`,
  }
}
