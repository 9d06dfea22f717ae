import type { AuthorizationRequest } from '../../domain/authorization-request.ts'
import { seeOther } from '../../http/reply.ts'
import type { Site } from '../../site.ts'
import type { App, LiveSession, PendingRequest } from '../../store/rows.ts'
import { approve } from './approve.ts'
import { decide } from './decide.ts'
import { lookUp } from './look-up.ts'
import { checkReturn, lostScope } from './recheck.ts'
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
  reference: string
  wait(): Promise<{ ticket: string; cookies: readonly string[] }>
}

const PAGES = { login: '/login', 'choose-business': '/login/business', consent: '/login/consent' } as const

/** Checks what may have changed meanwhile, looks up, decides, and goes there: to the page of a person, or back to the app. */
export async function proceed(step: Step, site: Site): Promise<Response> {
  const { request, app, session, waiting } = step
  checkReturn(request, app)
  const lost = lostScope(request, app, site)
  if (lost) return respondWithError(request, lost, site.config.issuer)
  const situation = await lookUp(request, app, session, waiting?.pending, step.allowed, site)
  const decision = decide(situation)
  switch (decision.to) {
    case 'approve': {
      const code = await approve(situation, decision, waiting?.pending.digest, step.reference, site)
      return respondWithCode(request, code, site.config.issuer)
    }
    case 'refuse':
      return respondWithError(request, decision.error, site.config.issuer)
    default: {
      const { ticket, cookies } = waiting ? { ticket: waiting.ticket, cookies: [] } : await step.wait()
      return seeOther(`${PAGES[decision.to]}?ticket=${ticket}`, cookies)
    }
  }
}
