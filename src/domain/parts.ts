import type { Config } from '../config/load.ts'
import type { Clock } from '../kit/clock.ts'
import type { Log } from '../kit/log.ts'
import type { Outbound } from '../kit/outbound.ts'
import type { Passwords } from '../kit/password.ts'
import type { Seal } from '../kit/seal.ts'
import type { Store } from '../store/store.ts'
import type { AppKeys } from './apps/app-keys.ts'
import type { AppLogos } from './apps/app-logos.ts'
import type { Refusals } from './audit/refusals.ts'
import type { Keys } from './keys/keys.ts'
import type { Limits } from './limits.ts'
import type { Subjects } from './people/subject.ts'
import type { LastUsed } from './tokens/last-used.ts'
import type { Scopes } from './tokens/scopes.ts'

/** What rules and acts may use: opened once, and passed in as the last argument. A verb names the parts it needs with `Pick`, or takes all. */
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
  /** Fetches documents from addresses that others name. */
  readonly outbound: Outbound
  /** The public keys that apps prove themselves with. */
  readonly appKeys: AppKeys
  readonly appLogos: AppLogos
}

/**
 * What an act returns that ends something, `endedAt` in seconds since the epoch. An act on something that is not there, has ended before, or
 * is out of the actor's reach returns undefined instead: it changes nothing and writes no event.
 */
export type Ended<T> = Omit<T, 'endedAt'> & { endedAt: number }
