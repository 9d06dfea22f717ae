import type { Incoming } from '../http/incoming.ts'
import { type Answer, seeOther } from '../http/reply.ts'
import type { Site } from '../site.ts'
import { switchForm } from '../ui/account-fact.ts'
import { type Form, openForm } from '../ui/form.ts'
import { openRequestVisit, resumeUrl } from './visit.ts'

export const continueForm: Form = { action: '/login/continue', purpose: 'login', about: 'ticket' }

/** POST /login/continue: the person who is signed in goes on with this account, without a password. */
export async function continueAs(incoming: Incoming, site: Site): Promise<Answer> {
  const { visit } = await openForm(continueForm, incoming, site, openRequestVisit)
  const { session, waiting } = visit
  // An app that asked for a fresh sign-in gets one; posting here is no way around it.
  if (!session || waiting.whySignIn === 'fresh') return seeOther(`/login?ticket=${waiting.ticket}`)
  await site.store.requests.confirm(waiting.digest, session.uid, site.clock.now())
  return seeOther(resumeUrl(waiting.ticket))
}

/**
 * POST /login/switch: shows the sign-in form to a person who is signed in. The session stays as it is until another one begins, so that
 * going back undoes it.
 */
export async function switchAccount(incoming: Incoming, site: Site): Promise<Answer> {
  const { visit } = await openForm(switchForm, incoming, site, openRequestVisit)
  return seeOther(`/login?ticket=${visit.waiting.ticket}&switch=1`)
}
