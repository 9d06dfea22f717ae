import type { Endpoint, ErrorRenderer } from '../endpoint.ts'
import { json } from '../http/reply.ts'
import { opsRefusals } from './refusals.ts'

const healthErrors: ErrorRenderer = (refusal, incoming) =>
  json(
    refusal.status,
    { status: 'unavailable', reason: refusal.message, reference: incoming.reference },
    refusal.headers,
  )

/** Liveness check: whether the process runs. */
export const liveEndpoint: Endpoint = {
  path: '/health/live',
  // Probes reach the process itself, and know nothing of the path of the issuer.
  atRoot: () => [liveEndpoint.path],
  methods: ['GET'],
  errors: healthErrors,
  handle: () => json(200, { status: 'ok' }),
}

/** Readiness check: whether the database answers and the server is not stopping. */
export const readyEndpoint: Endpoint = {
  path: '/health/ready',
  atRoot: () => [readyEndpoint.path],
  methods: ['GET'],
  errors: healthErrors,
  async handle(_, site) {
    if (site.isStopping()) opsRefusals.refuse('server.stopping')
    const { schema } = await site.store.examine()
    return json(200, { status: 'ok', schema })
  },
}
