import { RateLimiterMemory, type RateLimiterRes } from 'rate-limiter-flexible'
import { TooMany } from '../kit/refusal.ts'

/** Guards against floods, counted by this server alone; what must hold across servers is counted in the database. */
export interface Limits {
  /** Refuses a visitor who leaves more waiting requests than a crowded office would. */
  checkRequests(visitor: string): Promise<void>
  /** Whether one more line about this subject may be written to the audit; says no when somebody tries to fill it. */
  mayNote(subject: string): Promise<boolean>
}

export function openLimits({ addressRequests }: { addressRequests: number }): Limits {
  const requests = new RateLimiterMemory({ points: addressRequests, duration: 300 })
  const notes = new RateLimiterMemory({ points: 10, duration: 60 })
  return {
    async checkRequests(visitor) {
      try {
        await requests.consume(visitor)
      } catch (refused) {
        throw new TooMany(
          'Too many requests come from your address. Please wait a little.',
          (refused as RateLimiterRes).msBeforeNext / 1000,
        )
      }
    },
    mayNote: (subject) =>
      notes.consume(subject).then(
        () => true,
        () => false,
      ),
  }
}
