import type { AuthorizationRequest } from '../../domain/requests/authorization-request.ts'
import type { Incoming } from '../../http/incoming.ts'
import { type Answer, seeOther } from '../../http/reply.ts'
import { Problem } from '../../kit/refusal.ts'
import type { Site } from '../../site.ts'
import type { App } from '../../store/nouns/apps.ts'
import type { PendingRequest } from '../../store/nouns/requests.ts'
import type { LiveSession } from '../../store/nouns/sessions.ts'
import { approve } from './approve.ts'
import { decide } from './decide.ts'
import { lookUp } from './look-up.ts'
import { checkReturn, lostScope, outgrown } from './recheck.ts'
import { respondWithCode, respondWithError } from './respond.ts'

/** A request that waits, and the ticket by which the browser names it. */
export interface Waiting {
  pending: PendingRequest
  ticket: string
}

/** What a step is taken for. `wait` makes the request wait when a person has to be asked and it does not wait yet. */
export interface Step {
  request: AuthorizationRequest
  app: App
  session: LiveSession | undefined
  waiting: Waiting | undefined
  allowed: boolean
  incoming: Incoming
  wait(): Promise<{ ticket: string; cookies: readonly string[] }>
}

const PAGES = { login: '/login', 'choose-business': '/login/business', consent: '/login/consent' } as const

/** How often a decision is taken anew when what it rested on changes while it is being written down. */
const TRIES = 3

/** Checks what may have changed meanwhile, looks up, decides, and goes there: to the page of a person, or back to the app. */
export async function proceed(step: Step, site: Site): Promise<Answer> {
  for (let tries = 1; tries <= TRIES; tries++) {
    const app = tries === 1 ? step.app : await site.store.apps.findLive(step.app.uid)
    const response = app && (await decideAndGo({ ...step, app }, site))
    if (response) return response
  }
  throw new Problem(
    409,
    'This request was answered already, or what it was for has changed. Go back to the app and start again.',
  )
}

/** Undefined when an approval came to nothing, because something had changed since it was looked up. */
async function decideAndGo(step: Step, site: Site): Promise<Answer | undefined> {
  const { request, app, session, waiting, incoming } = step
  checkReturn(request, app)
  const lost = outgrown(request, app) ?? lostScope(request, app, site)
  if (lost) return respondWithError(request, lost, app.uid, incoming, site)
  const situation = await lookUp(request, app, session, waiting?.pending, step.allowed, site)
  const decision = decide(situation)
  switch (decision.to) {
    case 'approve': {
      await site.limits.check('approvals', decision.session.personUid)
      const code = await approve(situation, decision, waiting?.pending.digest, incoming.reference, site)
      return code === undefined ? undefined : respondWithCode(request, code, incoming, site)
    }
    case 'refuse':
      return respondWithError(request, decision.error, app.uid, incoming, site)
    default: {
      const { ticket, cookies } = waiting ? { ticket: waiting.ticket, cookies: [] } : await step.wait()
      return seeOther(`${PAGES[decision.to]}?ticket=${ticket}`, cookies)
    }
  }
}
