import { defineRefusals } from '../kit/refusal.ts'

export const opsRefusals = defineRefusals({
  'server.stopping': { status: 503, says: 'The server is stopping.', fix: 'Send requests to another server.' },
})
