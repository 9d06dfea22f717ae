import { defineRefusals } from './refusal.ts'

export const kitRefusals = defineRefusals({
  'password.queue-full': {
    status: 503,
    retryAfter: 2,
    says: 'Too many people are signing in at this moment. Please try again.',
    fix: 'If this lasts, run more servers: each one checks a few passwords at a time.',
  },
})
