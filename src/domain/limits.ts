import { RateLimiterMemory, type RateLimiterRes } from 'rate-limiter-flexible'
import { TooMany } from '../kit/refusal.ts'

/** Guards against floods, counted by this server alone; what must hold across servers is counted in the database. */
export interface Limits {
  /** Refuses a visitor who leaves more waiting requests than a crowded office would. */
  checkRequests(visitor: string): Promise<void>
  /** Refuses an app that pushes more authorization requests than any number of people could follow. */
  checkPushes(app: string): Promise<void>
  /** Refuses a person whose browser lets in apps faster than anybody clicks. */
  checkApprovals(person: string): Promise<void>
  /** Whether one more refusal of this visitor, or of this app, may be kept for whoever asks why. */
  mayKeepRefusal(subject: string): Promise<boolean>
  /** Refuses a visitor who registers more apps than a developer would. */
  checkRegistrations(visitor: string): Promise<void>
  /** Refuses to change a registration more often than a developer would; a change may have us fetch something. */
  checkChanges(app: string): Promise<void>
  /** Refuses to fetch one more document that we do not know yet: for this visitor, or from this host. */
  checkDocuments(visitor: string, host: string): Promise<void>
  /** Whether we may read once more from a host that a stranger named: keys, or a logo. */
  mayReadFrom(host: string): Promise<boolean>
  /** Whether one more line about this subject may be written to the audit; says no when somebody tries to fill it. */
  mayNote(subject: string): Promise<boolean>
}

interface LimitOptions {
  addressRequests: number
  addressRegistrations: number
}

export function openLimits({ addressRequests, addressRegistrations }: LimitOptions): Limits {
  const requests = new RateLimiterMemory({ points: addressRequests, duration: 300 })
  const notes = new RateLimiterMemory({ points: 10, duration: 60 })
  const approvals = new RateLimiterMemory({ points: addressRequests, duration: 300 })
  // The servers of an app push for all of its people from a few addresses.
  const pushes = new RateLimiterMemory({ points: addressRequests * 20, duration: 300 })
  const refusals = new RateLimiterMemory({ points: 60, duration: 60 })
  const may = (limiter: RateLimiterMemory, subject: string) =>
    limiter.consume(subject).then(
      () => true,
      () => false,
    )
  const registrations = new RateLimiterMemory({ points: addressRegistrations, duration: 3600 })
  const changes = new RateLimiterMemory({ points: 30, duration: 3600 })
  const reads = new RateLimiterMemory({ points: 60, duration: 60 })
  const documents = new RateLimiterMemory({ points: 20, duration: 60 })
  const check = async (limiter: RateLimiterMemory, subject: string, sentence: string) => {
    try {
      await limiter.consume(subject)
    } catch (refused) {
      throw new TooMany(sentence, (refused as RateLimiterRes).msBeforeNext / 1000)
    }
  }
  return {
    checkRequests: (visitor) =>
      check(requests, visitor, 'Too many requests come from your address. Please wait a little.'),
    checkApprovals: (person) => check(approvals, person, 'You let in apps too often. Please wait a little.'),
    checkPushes: (app) => check(pushes, app, 'This app pushes too many authorization requests. Please wait a little.'),
    mayKeepRefusal: (subject) => may(refusals, subject),
    checkRegistrations: (visitor) =>
      check(registrations, visitor, 'Too many apps are registered from your address. Please wait a little.'),
    checkChanges: (app) => check(changes, app, 'This registration is changed too often. Please wait a little.'),
    async checkDocuments(visitor, host) {
      const sentence = 'Too many documents of apps are asked for. Please wait a little.'
      await check(documents, `visitor ${visitor}`, sentence)
      await check(documents, `host ${host}`, sentence)
    },
    mayReadFrom: (host) => may(reads, host),
    mayNote: (subject) => may(notes, subject),
  }
}
