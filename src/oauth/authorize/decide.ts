import { type AuthorizationRequest, businessesFor, businessOf, whySignIn } from '../../domain/authorization-request.ts'
import { isClaimed } from '../../domain/redirect-uri.ts'
import type { App, Consent, Install, LiveSession, Membership } from '../../store/rows.ts'
import { OAuthError } from '../error.ts'

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
  now: number
}

export type Decision =
  | { to: 'login' }
  | { to: 'choose-business' }
  | { to: 'consent' }
  | { to: 'approve'; session: LiveSession; membership: Membership }
  | { to: 'refuse'; error: OAuthError }

/** What happens next with an authorization request. A pure function: its table of tests is its specification. */
export function decide(situation: Situation): Decision {
  const { request, app, session, memberships, now } = situation
  const silent = request.prompt.includes('none')
  if (!session || whySignIn(request, session, situation.confirmed, now)) {
    return silent ? no('login_required', 'The person has to sign in, and prompt=none forbids to ask.') : { to: 'login' }
  }
  if (request.hintedStaff !== null && !memberships.some((each) => each.staffUid === request.hintedStaff)) {
    return no('login_required', 'The person who signed in is not the one whom the id_token_hint names.')
  }
  const businesses = businessesFor(app, memberships)
  if (silent && businesses.length === 0) {
    return no('access_denied', 'The person who signed in belongs to no business that this app can act for.')
  }
  const membership = businessOf(request, situation.chosenBusiness, businesses)
  if (!membership) {
    return silent
      ? no(
          'account_selection_required',
          'The person belongs to several businesses: send business_uid, or let the person choose.',
        )
      : { to: 'choose-business' }
  }
  if (!situation.allowed && needsConsent(situation)) {
    return silent
      ? no('consent_required', 'The person has to allow this app first, and prompt=none forbids to ask.')
      : { to: 'consent' }
  }
  return { to: 'approve', session, membership }
}

/**
 * Whether the permission dialog is due. It always is where somebody else could stand at the redirect URI (RFC 8252 §8.6). A trusted app
 * skips it unless it asks for it. A yes given before counts only while the business's install lives, and for no more than was allowed.
 */
function needsConsent({ request, app, install, consent }: Situation): boolean {
  if (request.prompt.includes('consent')) return true
  if (app.public && !isClaimed(request.redirectUri)) return true
  if (app.trusted) return false
  if (!install || !consent || consent.installUid !== install.uid) return true
  return request.scopes.some((scope) => !consent.scopes.includes(scope))
}

function no(code: OAuthError['code'], sentence: string): Decision {
  return { to: 'refuse', error: new OAuthError(code, sentence) }
}
