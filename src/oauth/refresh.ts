import type { Site } from '../site.ts'
import type { RefreshToken } from '../store/refresh-tokens.ts'
import type { Permission } from './permission.ts'

/** The refresh token that a fresh approval is due, with the row that is kept of it; undefined when none is. */
export function newRefreshToken(
  _permission: Permission,
  _site: Site,
  _now: number,
): { token: string; row: RefreshToken } | undefined {
  return undefined
}
