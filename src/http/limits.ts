import { RateLimiterMemory, type RateLimiterRes } from 'rate-limiter-flexible'
import { TooMany } from '../kit/refusal.ts'

/** Guards against floods, counted by this server alone; what must hold across servers is counted in the database. */
export interface Limits {
  /** Refuses a visitor who leaves more waiting requests than a crowded office would. */
  checkRequests(visitor: string): Promise<void>
  /** Refuses a person whose browser lets in apps faster than anybody clicks. */
  checkApprovals(person: string): Promise<void>
  /** Whether one more line about this subject may be written to the audit; says no when somebody tries to fill it. */
  mayNote(subject: string): Promise<boolean>
}

export function openLimits({ addressRequests }: { addressRequests: number }): Limits {
  const requests = new RateLimiterMemory({ points: addressRequests, duration: 300 })
  const notes = new RateLimiterMemory({ points: 10, duration: 60 })
  const approvals = new RateLimiterMemory({ points: addressRequests, duration: 300 })
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
    mayNote: (subject) =>
      notes.consume(subject).then(
        () => true,
        () => false,
      ),
  }
}
