import { isClaimed } from '../../domain/apps/redirect-uri.ts'
import { ACR_VALUES, acrOf } from '../../domain/people/session.ts'
import {
  type AuthorizationRequest,
  businessesFor,
  businessOf,
  essentialAcrs,
  requestedPermission,
  requestedSubjects,
  whySignIn,
} from '../../domain/requests/authorization-request.ts'
import type { Refusal } from '../../kit/refusal.ts'
import type { App } from '../../store/nouns/apps.ts'
import type { Consent, Install } from '../../store/nouns/installs.ts'
import type { LiveSession } from '../../store/nouns/sessions.ts'
import type { Membership } from '../../store/nouns/staff.ts'
import { refusal } from '../errors/refusals.ts'

/** Everything that the next step depends on, looked up beforehand. */
export interface Situation {
  request: AuthorizationRequest
  app: App
  session: LiveSession | undefined
  /** Whether this session signed in, or was picked, for this very request. */
  confirmed: boolean
  memberships: readonly Membership[]
  /** The business the person chose for this request. */
  chosenBusiness: string | null
  /** The yes of the business at hand, and the person's own. */
  install: Install | undefined
  consent: Consent | undefined
  /** Whether the person has just allowed exactly this on the permission dialog. */
  allowed: boolean
  /** By which `sub` the app knows a membership. */
  subjectOf(staffUid: string): string
  now: number
}

export type Decision =
  | { to: 'login' }
  | { to: 'choose-business' }
  | { to: 'consent' }
  | { to: 'approve'; session: LiveSession; membership: Membership }
  | { to: 'refuse'; error: Refusal }

/** What happens next with an authorization request. A pure function: its table of tests is its specification. */
export function decide(situation: Situation): Decision {
  const { request, app, session, memberships, subjectOf, now } = situation
  const silent = request.prompt.includes('none')
  const acrs = essentialAcrs(request.claims)
  // Nobody is asked for a password that would not be enough anyway.
  if (acrs && !acrs.some((acr) => ACR_VALUES.includes(acr))) return unmet()
  if (!session || whySignIn(request, session, situation.confirmed, now)) {
    return silent ? no(refusal('sign-in.needed')) : { to: 'login' }
  }
  if (acrs && !acrs.includes(acrOf(session.methods))) return unmet()
  if (
    request.hintedSubject !== null &&
    !memberships.some((each) => subjectOf(each.staffUid) === request.hintedSubject)
  ) {
    return no(refusal('sign-in.not-the-hinted'))
  }
  const businesses = businessesFor(app, memberships)
  if (silent && businesses.length === 0) {
    return no(refusal('business.none'))
  }
  const membership = businessOf(request, situation.chosenBusiness, businesses)
  if (!membership) {
    return silent ? no(refusal('business.several')) : { to: 'choose-business' }
  }
  if (requestedSubjects(request.claims)?.includes(subjectOf(membership.staffUid)) === false) {
    return no(refusal('sign-in.not-the-claimed'))
  }
  if (!situation.allowed && needsConsent(situation)) {
    return silent ? no(refusal('consent.needed')) : { to: 'consent' }
  }
  return { to: 'approve', session, membership }
}

/**
 * Whether the permission dialog is due. It always is where somebody else could stand at the redirect URI (RFC 8252 §8.6). A trusted app
 * skips it unless it asks for it, and none that made itself known is trusted. A yes given before counts only while the business's install lives, and for no more than was allowed.
 */
function needsConsent({ request, app, install, consent }: Situation): boolean {
  if (request.prompt.includes('consent')) return true
  if ((app.public || app.origin !== 'platform') && !isClaimed(request.redirectUri)) return true
  if (app.trusted && app.origin === 'platform') return false
  if (!install || !consent || consent.installUid !== install.uid) return true
  return requestedPermission(request).some((name) => !consent.scopes.includes(name))
}

function unmet(): Decision {
  return no(refusal('sign-in.acr', { values: ACR_VALUES.join(', ') }))
}

function no(error: Refusal): Decision {
  return { to: 'refuse', error }
}
