import { personActor } from '../../domain/audit/actor.ts'
import {
  findWayBack,
  type LogoutRequest,
  sealLogoutRequest,
  unsealLogoutRequest,
} from '../../domain/people/logout-request.ts'
import { endSession, resumeSession } from '../../domain/people/session.ts'
import type { Endpoint } from '../../endpoint.ts'
import { loggedRefusal } from '../../http/boundary.ts'
import { EarlyAnswer } from '../../http/early-answer.ts'
import type { Incoming } from '../../http/incoming.ts'
import { refusedRequest } from '../../http/refused-request.ts'
import { seeOther } from '../../http/reply.ts'
import { Refusal } from '../../kit/refusal.ts'
import type { Site } from '../../site.ts'
import { errorPage } from '../../ui/error-page.ts'
import { pageContext } from '../../ui/page-context.ts'
import { pageErrors } from '../../ui/page-errors.ts'
import { pageUrls } from '../../ui/page-urls.ts'
import { explained } from '../errors/error-code.ts'
import { belongsHere } from '../logout/belongs-here.ts'
import { readLogoutRequest } from '../logout/read-logout-request.ts'

/**
 * End session endpoint (OpenID Connect RP-Initiated Logout §2). An app sends the browser here to sign the person out. Without an ID token
 * of the signed-in person, we ask the person first, because any page can send a browser here.
 */
export const endSessionEndpoint: Endpoint = {
  path: '/oauth/logout',
  methods: ['GET', 'POST'],
  refusesHead: true,
  metadata: (_, url) => ({
    end_session_endpoint: url,
    backchannel_logout_supported: true,
    backchannel_logout_session_supported: true,
  }),
  errors: pageErrors,
  async handle(incoming, site) {
    const request = await needLogoutRequest(incoming, site)
    const session = await resumeSession(site.cookies.read(incoming, 'session'), site)
    const sealed = sealLogoutRequest(request, site.seal)
    // Browsers send no cookies with a form that another site posts, but send them with the GET that follows.
    if (!session && incoming.method === 'POST') return seeOther(`${endSessionEndpoint.path}?logout_request=${sealed}`)
    if (session && !(await belongsHere(request, session, site))) return seeOther(pageUrls.signOut(sealed))
    if (session) {
      const by = personActor(session.personUid, incoming.reference)
      await endSession(session, { appUid: request.appUid }, by, site)
    }
    const wayBack = await findWayBack(request, site)
    // If we did not ask the person, only the ID token proves that the app sent the browser.
    const isProven = request.named !== null && wayBack?.url !== undefined
    return seeOther(isProven ? wayBack.url! : pageUrls.signedOut(sealed), [site.cookies.clear('session')])
  },
}

/** Reads the logout request. If it is wrong, answers with a page that says so and lets the person sign out anyway. */
async function needLogoutRequest(incoming: Incoming, site: Site): Promise<LogoutRequest> {
  try {
    const params = incoming.method === 'POST' ? incoming.query.and(await incoming.pageForm()) : incoming.query
    const carried = params.get('logout_request')
    if (carried === undefined) return await readLogoutRequest(params, site)
    const request = unsealLogoutRequest(carried, site)
    if (request) return request
    throw new EarlyAnswer(seeOther(pageUrls.signOut()))
  } catch (error) {
    if (!(error instanceof Refusal) || error.status !== 400) throw error
    site.refusals.keep(error, refusedRequest(incoming), explained(error))
    const { reference } = incoming
    site.log.info({ reference, ...loggedRefusal(error) }, 'sign-out refused')
    const context = await pageContext(incoming, site)
    const [heading, message] = [context.t('error.badRequest.title'), context.t('signOut.wrong')]
    const wayOut = { href: pageUrls.signOut(), label: context.t('signOut.submit') }
    throw new EarlyAnswer(
      errorPage(context, { status: 400, heading, message, reference, detail: error.message, wayOut }),
    )
  }
}
