import { hasSharedScheme, isClaimed } from '../../domain/apps/redirect-uri.ts'
import { ACR_VALUES, acrOf } from '../../domain/people/session.ts'
import {
  type AuthorizationRequest,
  businessesFor,
  businessOf,
  requestedPermission,
  whySignIn,
} from '../../domain/requests/authorization-request.ts'
import { essentialAcrs, requestedSubjects } from '../../domain/tokens/claims.ts'
import type { Refusal } from '../../kit/refusal.ts'
import type { App } from '../../store/nouns/apps.ts'
import type { Consent, Install } from '../../store/nouns/installs.ts'
import type { LiveSession } from '../../store/nouns/sessions.ts'
import type { Membership } from '../../store/nouns/staff.ts'
import { refusal } from '../errors/refusals.ts'

/** Everything that the next step depends on. */
export interface Situation {
  request: AuthorizationRequest
  app: App
  session: LiveSession | undefined
  /** Whether the person signed in, or chose this session, for this request. */
  confirmed: boolean
  memberships: readonly Membership[]
  /** The business the person chose for this request. */
  chosenBusiness: string | null
  /** The approval of the business, and that of the person. */
  install: Install | undefined
  consent: Consent | undefined
  /** Whether the person has just allowed this request in the permission dialog. */
  allowed: boolean
  /** Returns the `sub` of a membership for the app. */
  subjectOf(staffUid: string): string
  now: number
}

export type Decision =
  | { to: 'login' }
  | { to: 'choose-business' }
  | { to: 'consent' }
  | { to: 'approve'; session: LiveSession; membership: Membership }
  | { to: 'refuse'; error: Refusal }

/** Decides the next step of an authorization request. A pure function: its table of tests is its specification. */
export function decide(situation: Situation): Decision {
  const { request, app, session, memberships, subjectOf, now } = situation
  const isSilent = request.prompt.includes('none')
  const acrs = essentialAcrs(request.claims)
  // Checked before the sign-in, because no sign-in here would be enough.
  if (acrs && !acrs.some((acr) => ACR_VALUES.includes(acr))) return unmetAcr()
  if (!session || whySignIn(request, session, situation.confirmed, now)) {
    return isSilent ? refused(refusal('sign-in.needed')) : { to: 'login' }
  }
  if (acrs && !acrs.includes(acrOf(session.methods))) return unmetAcr()
  const { hintedSubject } = request
  const isHinted = hintedSubject === null || memberships.some((each) => subjectOf(each.staffUid) === hintedSubject)
  if (!isHinted) return refused(refusal('sign-in.not-the-hinted'))
  const businesses = businessesFor(app, memberships)
  if (isSilent && businesses.length === 0) return refused(refusal('business.none'))
  const membership = businessOf(request, situation.chosenBusiness, businesses)
  if (!membership) return isSilent ? refused(refusal('business.several')) : { to: 'choose-business' }
  if (requestedSubjects(request.claims)?.includes(subjectOf(membership.staffUid)) === false) {
    return refused(refusal('sign-in.not-the-claimed'))
  }
  if (!situation.allowed && needsConsent(situation)) {
    return isSilent ? refused(refusal('consent.needed')) : { to: 'consent' }
  }
  return { to: 'approve', session, membership }
}

/**
 * Whether to show the permission dialog. It is always shown if another app could receive the answer at the redirect URI (RFC 8252 §8.6).
 * Only an app that the platform registered can be trusted, which skips the dialog. An earlier consent counts only for its scopes, and only
 * while the business has the same install.
 */
function needsConsent({ request, app, install, consent }: Situation): boolean {
  if (request.prompt.includes('consent')) return true
  const { redirectUri } = request
  if ((app.public || app.origin !== 'platform') && !isClaimed(redirectUri)) return true
  if (hasSharedScheme(redirectUri)) return true
  if (app.trusted && app.origin === 'platform') return false
  if (!install || !consent || consent.installUid !== install.uid) return true
  return requestedPermission(request).some((name) => !consent.scopes.includes(name))
}

function unmetAcr(): Decision {
  return refused(refusal('sign-in.acr', { values: ACR_VALUES.join(', ') }))
}

function refused(error: Refusal): Decision {
  return { to: 'refuse', error }
}
