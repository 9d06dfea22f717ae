import { resumeSession } from '../../domain/people/session.ts'
import { findWaitingRequest } from '../../domain/requests/waiting-request.ts'
import type { Endpoint } from '../../endpoint.ts'
import { seeOther } from '../../http/reply.ts'
import { isToken } from '../../kit/id.ts'
import { pageErrors } from '../../ui/page-errors.ts'
import { pageUrls } from '../../ui/page-urls.ts'
import { answerAgain } from '../authorize/answer-again.ts'
import { proceed } from '../authorize/proceed.ts'
import { refuse } from '../errors/refusals.ts'

/** Continues a waiting authorization request after the person has signed in or chosen a business, or answers an answered one again. */
export const resumeEndpoint: Endpoint = {
  path: pageUrls.resume(),
  methods: ['GET'],
  refusesHead: true,
  errors: pageErrors,
  async handle(incoming, site) {
    const ticket = readTicket(incoming.query.get('ticket'))
    const found = await findWaitingRequest(ticket, site.cookies.read(incoming, 'browser'), site)
    const again = found.kind === 'over' ? await answerAgain(found, ticket, incoming, site) : undefined
    if (again) return again
    // The sign-in page explains why the request cannot continue, and offers a way out.
    if (found.kind !== 'waiting') return seeOther(pageUrls.signIn(ticket))
    const session = await resumeSession(site.cookies.read(incoming, 'session'), site)
    const { request, app, pending } = found
    return proceed({ request, app, session, waiting: { pending, ticket }, allowed: false, incoming }, site)
  },
}

/** Refuses a text that cannot be a ticket. */
export function readTicket(text: string | undefined): string {
  if (text === undefined || !isToken(text)) refuse('ticket.missing')
  return text
}
