import type { Config } from './config/load.ts'
import { openAppKeys } from './domain/apps/app-keys.ts'
import { openAppLogos } from './domain/apps/app-logos.ts'
import { resealSecrets } from './domain/apps/app-secrets.ts'
import { APP_COLUMNS } from './domain/apps/column-settings.ts'
import { openKeptRefusals } from './domain/audit/kept-refusals.ts'
import { openKeys } from './domain/keys/keys.ts'
import { openLimits } from './domain/limits.ts'
import { openSubjects } from './domain/people/subject.ts'
import { openSharedClock } from './domain/shared-clock.ts'
import { openLastUsed } from './domain/tokens/last-used.ts'
import { openScopes } from './domain/tokens/scopes.ts'
import { openAddressReader } from './http/address.ts'
import { openCookies } from './http/cookies.ts'
import { socketPath } from './http/listen.ts'
import { type Clock, systemClock } from './kit/clock.ts'
import { type Log, openLog } from './kit/log.ts'
import { type OutboundOptions, openOutbound } from './kit/outbound.ts'
import { openPasswords, type Passwords } from './kit/password.ts'
import { openSeal } from './kit/seal.ts'
import type { Site } from './site.ts'
import { openStore } from './store/engine/open.ts'
import type { Store } from './store/store.ts'
import { type Messages, openMessages } from './ui/messages/messages.ts'

/** Parts that a test, or a program that mounts Behalf, can replace. */
export interface OwnParts {
  clock?: Clock
  /** Returns the time of this machine in milliseconds. */
  machineTime?: () => number
  log?: Log
  store?: Store
  passwords?: Passwords
  messages?: Messages
  /** Another resolver or other limits for outbound requests. */
  outbound?: OutboundOptions
}

/** Opens every part from the settings. The database is migrated first, because other parts read it. */
export async function openSite(config: Config, own: OwnParts = {}): Promise<Site> {
  const log = own.log ?? openLog(config.logLevel)
  const scopes = openScopes(config.scopesFile)
  const seal = openSeal(config.secret)
  const database = { url: config.databaseUrl, pool: config.databasePool, timeout: config.databaseTimeout }
  const store = own.store ?? (await openStore(database, (own.clock ?? systemClock).now(), config.migrate, APP_COLUMNS))
  const messages = own.messages ?? (await openMessages())
  let stopping = false
  try {
    const sharedClock = own.clock ? undefined : await openSharedClock(store, own.machineTime)
    const clock = own.clock ?? sharedClock!
    const outbound = openOutbound({ allowPrivate: config.outboundPrivate, ...own.outbound })
    const limits = openLimits(config)
    const refusals = openKeptRefusals({ store, clock, limits }, (err) =>
      log.warn({ err }, 'refusals could not be kept'),
    )
    await resealSecrets(store, seal)
    const lastUsed = openLastUsed(store, clock)
    return {
      config,
      clock,
      matchClock: async () => sharedClock?.match(),
      log,
      store,
      seal,
      scopes,
      messages,
      lastUsed,
      refusals,
      passwords: own.passwords ?? openPasswords(undefined, config.passwordParallel, config.passwordWaiting),
      keys: await openKeys(store, seal, clock),
      subjects: await openSubjects(store, seal, clock),
      cookies: openCookies(config.secure, config.basePath),
      limits,
      outbound,
      appKeys: openAppKeys({ outbound, limits, store, clock, log }),
      appLogos: openAppLogos({ outbound, limits, store, clock, log }),
      addressOf: openAddressReader(config.trustedProxies, socketPath(config.host) !== undefined),
      isStopping: () => stopping,
      beginStop: () => {
        stopping = true
      },
      async close() {
        await refusals.stop().catch((err) => log.warn({ err }, 'refusals could not be kept'))
        await lastUsed.stop().catch((err) => log.warn({ err }, 'last uses could not be recorded'))
        await store.close()
      },
    }
  } catch (error) {
    await store.close()
    throw error
  }
}
