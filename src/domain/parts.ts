import type { Config } from '../config/load.ts'
import type { Clock } from '../kit/clock.ts'
import type { Log } from '../kit/log.ts'
import type { Outbound } from '../kit/outbound.ts'
import type { Passwords } from '../kit/password.ts'
import type { Seal } from '../kit/seal.ts'
import type { Store } from '../store/store.ts'
import type { AppKeys } from './apps/app-keys.ts'
import type { AppLogos } from './apps/app-logos.ts'
import type { Refusals } from './audit/kept-refusals.ts'
import type { Keys } from './keys/keys.ts'
import type { Limits } from './limits.ts'
import type { Subjects } from './people/subject.ts'
import type { LastUsed } from './tokens/last-used.ts'
import type { Scopes } from './tokens/scopes.ts'

/** What rules and acts may use. Opened once, and passed as the last argument. */
export interface Parts {
  readonly config: Config
  readonly clock: Clock
  readonly log: Log
  readonly store: Store
  readonly seal: Seal
  readonly passwords: Passwords
  readonly keys: Keys
  readonly subjects: Subjects
  readonly scopes: Scopes
  readonly limits: Limits
  readonly lastUsed: LastUsed
  readonly refusals: Refusals
  /** Fetches documents from URLs that others choose. */
  readonly outbound: Outbound
  /** The public keys that apps authenticate with. */
  readonly appKeys: AppKeys
  readonly appLogos: AppLogos
}

/**
 * What an act returns that ends something, `endedAt` in seconds since the epoch. It returns undefined instead, changes nothing and writes no
 * event when the thing does not exist, was ended before, or is out of the actor's reach.
 */
export type Ended<T> = Omit<T, 'endedAt'> & { endedAt: number }
