import { RateLimiterMemory, type RateLimiterRes } from 'rate-limiter-flexible'
import type { Config } from '../config/load.ts'
import { defineRefusals } from '../kit/refusal.ts'

type LimitOptions = Pick<Config, 'addressRequests' | 'addressRegistrations'>

interface Limit {
  /** What is counted: one count for each value. */
  per: 'address' | 'app' | 'host' | 'person' | 'subject'
  /** How many are allowed within `seconds`. */
  points: number | ((options: LimitOptions) => number)
  seconds: number
}

/** Every guard against floods. Each server counts for itself in memory; what must hold across servers is counted in the database. */
const LIMITS = {
  'authorization-requests': { per: 'address', points: (options) => options.addressRequests, seconds: 300 },
  // The servers of an app push for all its people from a few addresses.
  'pushed-requests': { per: 'app', points: (options) => options.addressRequests * 20, seconds: 300 },
  approvals: { per: 'person', points: (options) => options.addressRequests, seconds: 300 },
  registrations: { per: 'address', points: (options) => options.addressRegistrations, seconds: 3600 },
  // A change may have us fetch something.
  'registration-changes': { per: 'app', points: 30, seconds: 3600 },
  documents: { per: 'address', points: 20, seconds: 60 },
  'documents-of-host': { per: 'host', points: 20, seconds: 60 },
  // Keys and logos at a host that an unknown app named.
  'fetches-from-host': { per: 'host', points: 60, seconds: 60 },
  'kept-refusals': { per: 'subject', points: 60, seconds: 60 },
  'audit-lines': { per: 'subject', points: 10, seconds: 60 },
} as const satisfies Record<string, Limit>

const documents = { status: 429, says: 'Too many documents of apps are asked for. Please wait a little.' } as const

export const limitRefusals = defineRefusals({
  'too-many.authorization-requests': {
    status: 429,
    says: 'Too many requests come from your address. Please wait a little.',
  },
  'too-many.pushed-requests': {
    status: 429,
    says: 'This app pushes too many authorization requests. Please wait a little.',
  },
  'too-many.approvals': { status: 429, says: 'You let in apps too often. Please wait a little.' },
  'too-many.registrations': {
    status: 429,
    says: 'Too many apps are registered from your address. Please wait a little.',
  },
  'too-many.registration-changes': {
    status: 429,
    says: 'This registration is changed too often. Please wait a little.',
  },
  'too-many.documents': documents,
  'too-many.documents-of-host': documents,
})

type LimitName = keyof typeof LIMITS
type RefusedLimit = keyof typeof limitRefusals.rows extends `too-many.${infer Name}` ? Name : never

export interface Limits {
  /** Counts one, and throws a 429 with `Retry-After` when the limit is passed. */
  check(name: RefusedLimit, value: string): Promise<void>
  /** Counts one, and tells whether it is within the limit. */
  may(name: LimitName, value: string): Promise<boolean>
}

export function openLimits(options: LimitOptions): Limits {
  const limiters = Object.fromEntries(
    Object.entries<Limit>(LIMITS).map(([name, { points, seconds }]) => {
      const allowed = typeof points === 'number' ? points : points(options)
      return [name, new RateLimiterMemory({ points: allowed, duration: seconds })]
    }),
  ) as Record<LimitName, RateLimiterMemory>
  return {
    async check(name, value) {
      try {
        await limiters[name].consume(value)
      } catch (passed) {
        const retryAfter = (passed as RateLimiterRes).msBeforeNext / 1000
        throw limitRefusals.refusal(`too-many.${name}`, {}, { retryAfter })
      }
    },
    may: (name, value) =>
      limiters[name].consume(value).then(
        () => true,
        () => false,
      ),
  }
}
