import { seeOther } from '../http/reply.ts'
import { switchForm } from '../ui/account-fact.ts'
import { type Form, openForm } from '../ui/form.ts'
import { pageEndpoint } from '../ui/page-endpoint.ts'
import { pageUrls } from '../ui/page-urls.ts'
import { stepEndpoint } from '../ui/step-endpoint.ts'
import { openRequestVisit } from './visit.ts'

export const continueForm: Form = { action: pageUrls.continueAs(), purpose: 'login', about: 'ticket' }

/** POST /login/continue: the signed-in person continues with this account, without a password. */
export const continueAsEndpoint = pageEndpoint('POST', continueForm.action, async (incoming, site) => {
  const { visit } = await openForm(continueForm, incoming, site, (ticket) =>
    openRequestVisit(ticket, incoming, site, 'answer-again'),
  )
  const { session, waiting } = visit
  // An app that asked for a fresh sign-in gets one: this form cannot be used to avoid it.
  if (!session || waiting.whySignIn === 'fresh') return seeOther(pageUrls.signIn(waiting.ticket))
  await site.store.requests.confirm(waiting.digest, session.uid, site.clock.now())
  return seeOther(pageUrls.resume(waiting.ticket))
})

export const continueAsStepEndpoint = stepEndpoint(continueForm.action)

/**
 * POST /login/switch: shows the sign-in form to a signed-in person. The session ends only when another one begins, so that the person can
 * still go back.
 */
export const switchAccountEndpoint = pageEndpoint('POST', switchForm.action, async (incoming, site) => {
  const { visit } = await openForm(switchForm, incoming, site, openRequestVisit)
  return seeOther(pageUrls.switchAccount(visit.waiting.ticket))
})

export const switchAccountStepEndpoint = stepEndpoint(switchForm.action)
