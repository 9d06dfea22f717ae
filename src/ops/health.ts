import { json } from '../http/reply.ts'
import type { Route, Voice } from '../site.ts'
import { opsRefusals } from './refusals.ts'

const sayHealth: Voice = (refusal, incoming) =>
  json(
    refusal.status,
    { status: 'unavailable', reason: refusal.message, reference: incoming.reference },
    refusal.headers,
  )

/** For machines that watch: whether the process lives, and whether it can serve (its database answers and it is not about to stop). */
export const healthRoutes: Route[] = [
  { method: 'GET', path: '/health/live', handle: () => json(200, { status: 'ok' }), voice: sayHealth },
  {
    method: 'GET',
    path: '/health/ready',
    async handle(_, site) {
      if (site.isStopping()) opsRefusals.refuse('server.stopping')
      const { schema } = await site.store.examine()
      return json(200, { status: 'ok', schema })
    },
    voice: sayHealth,
  },
]
