import { findSession } from '../../domain/people/session.ts'
import { findWaiting } from '../../domain/requests/waiting-request.ts'
import type { Incoming } from '../../http/incoming.ts'
import { type Answer, seeOther } from '../../http/reply.ts'
import { isToken } from '../../kit/id.ts'
import { Problem } from '../../kit/refusal.ts'
import type { Site } from '../../site.ts'
import { proceed } from '../authorize/proceed.ts'

/** A person has done a step (signed in, chosen a business): decide anew where the waiting request goes. */
export async function resume(incoming: Incoming, site: Site): Promise<Answer> {
  const ticket = readTicket(incoming.query.get('ticket'))
  const found = await findWaiting(ticket, site.cookies.read(incoming, 'browser'), site)
  // The sign-in page explains what became of a request that cannot go on, and offers a way out.
  if (found.kind !== 'waiting') return seeOther(`/login?ticket=${ticket}`)
  const session = await findSession(site.cookies.read(incoming, 'session'), site)
  const { request, app, pending } = found
  const wait = async () => ({ ticket, cookies: [] })
  return proceed({ request, app, session, waiting: { pending, ticket }, allowed: false, incoming, wait }, site)
}

/** A ticket as we make them; anything else names nothing. */
export function readTicket(text: string | undefined): string {
  if (text === undefined || !isToken(text))
    throw new Problem(400, 'This address is not complete. Go back to the app and start again.')
  return text
}
