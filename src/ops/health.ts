import type { Endpoint, ErrorRenderer } from '../endpoint.ts'
import { json } from '../http/reply.ts'
import { opsRefusals } from './refusals.ts'

const healthErrors: ErrorRenderer = (refusal, incoming) =>
  json(
    refusal.status,
    { status: 'unavailable', reason: refusal.message, reference: incoming.reference },
    refusal.headers,
  )

/** Tells machines that watch whether the process lives. */
export const liveEndpoint: Endpoint = {
  path: '/health/live',
  methods: ['GET'],
  errors: healthErrors,
  handle: () => json(200, { status: 'ok' }),
}

/** Tells machines that watch whether the process can serve: its database answers, and it is not about to stop. */
export const readyEndpoint: Endpoint = {
  path: '/health/ready',
  methods: ['GET'],
  errors: healthErrors,
  async handle(_, site) {
    if (site.isStopping()) opsRefusals.refuse('server.stopping')
    const { schema } = await site.store.examine()
    return json(200, { status: 'ok', schema })
  },
}
