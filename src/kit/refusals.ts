import { defineRefusals } from './refusal.ts'

export const kitRefusals = defineRefusals({
  'password.queue-full': {
    status: 503,
    retryAfter: 2,
    says: 'Too many people are signing in right now. Please try again.',
    fix: 'If this continues, run more servers: each server checks only a few passwords at a time.',
  },
})
