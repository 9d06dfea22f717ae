import type { Share } from '../../kit/outbound.ts'
import type { App } from '../../store/nouns/apps.ts'
import type { Store } from '../../store/store.ts'
import type { Limits } from '../limits.ts'
import type { Parts } from '../parts.ts'

/** What fetching for apps needs. */
export type FetchNeeds = Pick<Parts, 'outbound' | 'clock' | 'log'> & {
  limits: Pick<Limits, 'may'>
  store: Pick<Store, 'installs'>
}

/** What fetches are done for: an app that is known here, or one that no business has connected yet. */
export type FetchPool = 'apps' | 'strangers'

/** Returns `apps` for an app that the platform registered or a business has connected. Anyone can make any number of the others. */
export async function fetchPoolOf(
  { uid, origin }: Pick<App, 'uid' | 'origin'>,
  { installs }: Pick<Store, 'installs'>,
): Promise<FetchPool> {
  return origin === 'platform' || (await installs.hasAny(uid)) ? 'apps' : 'strangers'
}

/**
 * Counts a fetch from a host, and returns the share of outbound requests that it may use; undefined when there were too many. `visitor` is whose
 * request causes the fetch: one visitor of unknown apps cannot use up what others may fetch from a host.
 */
export function shareOf(
  pool: FetchPool,
  hostname: string,
  visitor: string,
  limits: Pick<Limits, 'may'>,
): Share | undefined {
  if (pool === 'apps') return limits.may('fetches-for-apps', hostname) ? { pool } : undefined
  const may = limits.may('fetches-of-visitor', `${visitor} ${hostname}`) && limits.may('fetches-from-host', hostname)
  return may ? { pool, visitor } : undefined
}
