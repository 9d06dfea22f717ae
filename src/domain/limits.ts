import type { Config } from '../config/load.ts'
import { openRateLimit, type RateLimit } from '../kit/rate-limit.ts'
import { defineRefusals } from '../kit/refusal.ts'

type LimitOptions = Pick<Config, 'addressAttempts' | 'addressRequests' | 'addressRegistrations' | 'loginAttempts'>

interface Limit {
  /** What has a count of its own. */
  per: 'account' | 'address' | 'address and host' | 'app' | 'host' | 'person' | 'subject'
  /** How many are allowed in `seconds`. */
  points: number | ((options: LimitOptions) => number)
  seconds: number
}

/** Every rate limit. Each server counts in its own memory. What must hold across servers is counted in the database. */
const LIMITS = {
  'authorization-requests': { per: 'address', points: (options) => options.addressRequests, seconds: 300 },
  // The servers of an app push the requests of all its people from a few addresses.
  'pushed-requests': { per: 'app', points: (options) => options.addressRequests * 20, seconds: 300 },
  // Each costs a hash, and with the right password a session. Generous, because a whole office may have one address.
  'sign-ins-from-address': { per: 'address', points: (options) => options.addressAttempts * 10, seconds: 900 },
  'sign-ins': { per: 'account', points: (options) => options.loginAttempts * 10, seconds: 900 },
  approvals: { per: 'person', points: (options) => options.addressRequests, seconds: 300 },
  registrations: { per: 'address', points: (options) => options.addressRegistrations, seconds: 3600 },
  // A change can make us fetch a document.
  'registration-changes': { per: 'app', points: 30, seconds: 3600 },
  documents: { per: 'address', points: 20, seconds: 60 },
  // Far more than one visitor may cause, so that no one uses up what others may fetch from a host.
  'documents-of-host': { per: 'host', points: 120, seconds: 60 },
  // Keys and logos from a host that an unverified app chose, and documents that are read again.
  'fetches-of-visitor': { per: 'address and host', points: 60, seconds: 60 },
  'fetches-from-host': { per: 'host', points: 240, seconds: 60 },
  // Of apps that are known here. Each address is fetched at most once a minute.
  'fetches-for-apps': { per: 'host', points: 600, seconds: 60 },
  'kept-refusals': { per: 'subject', points: 60, seconds: 60 },
  'audit-lines': { per: 'subject', points: 10, seconds: 60 },
} as const satisfies Record<string, Limit>

const tooMany = (what: string) => ({ status: 429, says: `${what}. Please try again later.` })

export const limitRefusals = defineRefusals({
  'too-many.authorization-requests': tooMany('Too many requests came from your address'),
  'too-many.pushed-requests': tooMany('This app pushed too many authorization requests'),
  'too-many.approvals': tooMany('You allowed apps too often'),
  'too-many.registrations': tooMany('Too many apps were registered from your address'),
  'too-many.registration-changes': tooMany('This registration was changed too often'),
  'too-many.documents': tooMany('Too many metadata documents of apps were requested'),
  'too-many.documents-of-host': tooMany('Too many metadata documents of apps were requested'),
})

type LimitName = keyof typeof LIMITS
type RefusedLimit = keyof typeof limitRefusals.rows extends `too-many.${infer Name}` ? Name : never

export interface Limits {
  /** Counts one. Returns how many seconds to wait if the limit is exceeded; otherwise undefined. */
  count(name: LimitName, value: string): number | undefined
  /** Counts one. Throws a 429 with `Retry-After` when the limit is exceeded. */
  check(name: RefusedLimit, value: string): void
  /** Counts one. Returns whether the limit still allows it. */
  may(name: LimitName, value: string): boolean
}

export function openLimits(options: LimitOptions): Limits {
  const limits = Object.fromEntries(
    Object.entries<Limit>(LIMITS).map(([name, { points, seconds }]) => {
      const allowed = typeof points === 'number' ? points : points(options)
      return [name, openRateLimit({ points: allowed, seconds })]
    }),
  ) as Record<LimitName, RateLimit>
  return {
    count: (name, value) => limits[name].count(value),
    check(name, value) {
      const retryAfter = limits[name].count(value)
      if (retryAfter !== undefined) throw limitRefusals.refusal(`too-many.${name}`, {}, { retryAfter })
    },
    may: (name, value) => limits[name].count(value) === undefined,
  }
}
