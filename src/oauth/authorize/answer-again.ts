import { resumeSession } from '../../domain/people/session.ts'
import { codeOfAnswer } from '../../domain/requests/code-of-answer.ts'
import type { TicketFinding } from '../../domain/requests/waiting-request.ts'
import type { Incoming } from '../../http/incoming.ts'
import type { Answer } from '../../http/reply.ts'
import { tokenDigest } from '../../kit/digest.ts'
import type { Site } from '../../site.ts'
import { refusal } from '../errors/refusals.ts'
import { decide } from './decide.ts'
import { proceed } from './proceed.ts'
import { checkReturn, checkStillRegistered } from './request-checks.ts'
import { respondWithCode, respondWithError } from './respond.ts'
import { loadSituation } from './situation.ts'

/** For so long after the answer, the sign-in for a request counts for its repetition. An impatient click comes within it. */
const SIGN_IN_COUNTS_SECONDS = 60

/**
 * Answers a request again. While an app is slow to answer, a second click cancels the way to it, so the app may not have got the first answer.
 * Returns undefined if the request was not answered, its lifetime is over, or another person or session is signed in now.
 *
 * - A denial is sent again.
 * - An approval is decided anew, as if the app had sent the request again: an approval that was stored counts.
 * - If the dialog would be shown again, or the app pushed the request, the same code is sent again, while it is unused.
 */
export async function answerAgain(
  { request, app, pending }: Extract<TicketFinding, { kind: 'over' }>,
  ticket: string,
  incoming: Incoming,
  site: Site,
): Promise<Answer | undefined> {
  const { answeredAt, sessionUid } = pending
  if (answeredAt === null || pending.expiresAt <= site.clock.now()) return undefined
  checkStillRegistered(request, app, site)
  const isShown = true
  if (sessionUid === null)
    return respondWithError({ ...request, isShown }, refusal('consent.denied'), app, incoming, site)
  const session = await resumeSession(site.cookies.read(incoming, 'session'), site)
  if (session?.uid !== sessionUid) return undefined
  checkReturn(request, app, site)
  // Later, an app that asked for a new sign-in gets another one: otherwise a form in the history would replace it.
  const isRecent = site.clock.now() - answeredAt <= SIGN_IN_COUNTS_SECONDS
  const answered = isRecent ? pending : undefined
  const step = { request, app, session, waiting: undefined, answered, allowed: false, incoming }
  const isPushed = request.pushed !== null
  const isAllowed = !isPushed && decide(await loadSituation(step, site)).to === 'approve'
  const code = isAllowed ? undefined : await findUnusedCode(ticket, answeredAt, site)
  if (code !== undefined) return respondWithCode({ ...request, isShown }, code, app, incoming, site)
  // A pushed request has one answer (RFC 9126 §4): another code would be a second one.
  return isPushed ? undefined : proceed(step, site)
}

/** Returns the code of the first answer, if it can still be redeemed. */
async function findUnusedCode(
  ticket: string,
  answeredAt: number,
  { store, seal, clock }: Site,
): Promise<string | undefined> {
  const code = codeOfAnswer(ticket, answeredAt, seal)
  const found = await store.codes.find(tokenDigest(code))
  const isUnused = found?.redeemedAt === null && found.expiresAt > clock.now() && found.principal !== undefined
  return isUnused ? code : undefined
}
