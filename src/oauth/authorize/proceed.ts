import { allowedAs } from '../../domain/apps/differences.ts'
import { type Answer, seeOther } from '../../http/reply.ts'
import { Refusal } from '../../kit/refusal.ts'
import type { Site } from '../../site.ts'
import { pageUrls } from '../../ui/page-urls.ts'
import { refuse } from '../errors/refusals.ts'
import { approve } from './approve.ts'
import { decide } from './decide.ts'
import { checkReturn } from './request-checks.ts'
import { respondWithCode, respondWithError } from './respond.ts'
import { loadSituation, type Step, type Waiting } from './situation.ts'
import { storeRequest } from './store-request.ts'

const PAGES = { login: pageUrls.signIn, 'choose-business': pageUrls.chooseBusiness, consent: pageUrls.consent } as const

/** How often to decide if something changes before the approval is written. */
const MAX_TRIES = 3

/** Decides the next step of a request, and sends the browser to a page for the person or back to the app. */
export async function proceed(step: Step, site: Site): Promise<Answer> {
  for (let tries = 1; tries <= MAX_TRIES; tries++) {
    const app = tries === 1 ? step.app : await site.store.apps.findLive(step.app.uid)
    // A stored request is checked again, and so is any request after its app may have changed.
    const isChecked = step.waiting === undefined && tries === 1
    // A yes counts only for the app that the dialog showed.
    const allowed = step.allowed && app !== undefined && allowedAs(app) === allowedAs(step.app)
    const answer = app && (await decideAndGo({ ...step, app, allowed }, isChecked, site))
    if (answer) return answer
    if (step.waiting && (await isAnswered(step.waiting, site))) return seeOther(pageUrls.resume(step.waiting.ticket))
  }
  return refuse('request.changed')
}

/** Whether another answer to the request was faster, such as that of the first click of a double click. */
async function isAnswered({ pending }: Waiting, { store }: Site): Promise<boolean> {
  const found = await store.requests.find(pending.digest)
  return found !== undefined && found.answeredAt !== null
}

/** Returns undefined if the approval was not written, because something had changed after the decision. */
async function decideAndGo(step: Step, isChecked: boolean, site: Site): Promise<Answer | undefined> {
  const { app, waiting, incoming } = step
  const isShown = waiting !== undefined || step.answered !== undefined
  const request = { ...step.request, isShown }
  if (!isChecked) {
    try {
      checkReturn(step.request, app, site)
    } catch (error) {
      // An error about the redirect URI is never sent to that URI.
      if (error instanceof Refusal && error.field !== 'redirect_uri')
        return respondWithError(request, error, app, incoming, site)
      throw error
    }
  }
  const situation = await loadSituation(step, site)
  const decision = decide(situation)
  switch (decision.to) {
    case 'approve': {
      site.limits.check('approvals', decision.session.personUid)
      const code = await approve(situation, decision, { ticket: waiting?.ticket }, incoming.reference, site)
      return code === undefined ? undefined : respondWithCode(request, code, app, incoming, site)
    }
    case 'refuse':
      return respondWithError(request, decision.error, app, incoming, site)
    default: {
      const { ticket, cookies } = waiting
        ? { ticket: waiting.ticket, cookies: [] }
        : await storeRequest(step.request, app, incoming, site)
      return seeOther(PAGES[decision.to](ticket), cookies)
    }
  }
}
