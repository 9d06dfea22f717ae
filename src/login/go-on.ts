import { checkForm } from '../http/csrf.ts'
import type { Incoming } from '../http/incoming.ts'
import { type Answer, seeOther } from '../http/reply.ts'
import type { Site } from '../site.ts'
import { openVisit, resumeUrl, signInPurpose } from './visit.ts'

/** POST /login/continue: the person who is signed in already goes on as that, without a password. */
export async function continueAs(incoming: Incoming, site: Site): Promise<Answer> {
  const form = await incoming.pageForm()
  const visit = await openVisit(form.get('ticket') ?? '', incoming, site)
  const { session, browser } = visit
  const { ticket, digest, whySignIn } = visit.waiting!
  checkForm(incoming, form, site.seal, browser, signInPurpose(ticket))
  // An app that asked for a fresh sign-in gets one; posting here is no way around it.
  if (!session || whySignIn === 'fresh') return seeOther(`/login?ticket=${ticket}`)
  await site.store.requests.confirm(digest, session.uid, site.clock.now())
  return seeOther(resumeUrl(ticket))
}

/**
 * POST /login/switch: shows the sign-in form to somebody who is signed in. The session stays as it is until another one begins, so that
 * going back undoes it.
 */
export async function switchAccount(incoming: Incoming, site: Site): Promise<Answer> {
  const form = await incoming.pageForm()
  const visit = await openVisit(form.get('ticket') ?? '', incoming, site)
  const { ticket } = visit.waiting!
  checkForm(incoming, form, site.seal, visit.browser, signInPurpose(ticket))
  return seeOther(`/login?ticket=${ticket}&switch=1`)
}
