import { emailKey } from '../../domain/people/email-key.ts'
import type { LogoutRequest } from '../../domain/people/logout-request.ts'
import type { Site } from '../../site.ts'
import type { LiveSession } from '../../store/nouns/sessions.ts'

/**
 * Whether the app's ID token came from this session, or names the person who is signed in (OpenID Connect RP-Initiated Logout §2). False if
 * the app's logout hint names another person.
 */
export async function belongsHere(
  { appUid, named, loginHint }: LogoutRequest,
  session: LiveSession,
  { store, subjects }: Pick<Site, 'store' | 'subjects'>,
): Promise<boolean> {
  if (!named || !appUid) return false
  if (loginHint !== null && emailKey(loginHint) !== emailKey(session.email)) return false
  if (named.sid === session.uid) return true
  const [app, memberships] = await Promise.all([
    store.apps.findLive(appUid),
    store.staff.memberships(session.personUid),
  ])
  return app !== undefined && memberships.some(({ staffUid }) => subjects.of(app, staffUid) === named.subject)
}
