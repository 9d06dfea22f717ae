import type { AuthorizationRequest } from '../../domain/requests/authorization-request.ts'
import { requestedSubjects } from '../../domain/tokens/claims.ts'
import type { Site } from '../../site.ts'
import type { App } from '../../store/nouns/apps.ts'
import type { LiveSession } from '../../store/nouns/sessions.ts'
import { readOwnIdToken } from '../checks/own-id-token.ts'
import { refuse } from '../errors/refusals.ts'

/**
 * Applies `id_token_hint`, or the `sub` of the claims parameter (OpenID Connect Core §3.1.2.1, §5.5.1): the app expects that person. If
 * another person is signed in, they have to sign in again, and with `prompt=none` the app gets an error. An ID token that is not ours or is
 * for another app names no one. An expired one still counts.
 */
export async function applyIdTokenHint(
  hint: string | undefined,
  request: AuthorizationRequest,
  session: LiveSession | undefined,
  app: App,
  site: Site,
): Promise<AuthorizationRequest> {
  const requested = requestedSubjects(request.claims)
  if (hint === undefined && requested === undefined) return request
  const hinted = hint === undefined ? undefined : await subjectOf(hint, app, site)
  const expected = hint === undefined ? requested! : hinted === undefined ? [] : [hinted]
  const named = await findNamed(expected, session, app, site)
  const applied = {
    ...request,
    hintedSubject: hinted ?? null,
    businessUid: request.businessUid ?? named?.businessUid ?? null,
  }
  if (!session || named?.personUid === session.personUid) return applied
  if (request.prompt.includes('none'))
    refuse('sign-in.other-person', { parameter: hint === undefined ? 'claims' : 'id_token_hint' })
  return { ...applied, freshLogin: true }
}

async function subjectOf(hint: string, app: App, site: Site): Promise<string | undefined> {
  const token = await readOwnIdToken(hint, site)
  return token?.clientId === app.clientId ? token.subject : undefined
}

/**
 * Finds a person with one of the subjects: the signed-in one if possible. Pairwise subjects can only be compared with those of the
 * signed-in person.
 */
async function findNamed(
  expected: readonly string[],
  session: LiveSession | undefined,
  app: App,
  { store, subjects }: Site,
): Promise<{ personUid: string; businessUid: string } | undefined> {
  const own = session ? await store.staff.memberships(session.personUid) : []
  const membership = own.find((each) => expected.includes(subjects.of(app, each.staffUid)))
  if (session && membership) return { personUid: session.personUid, businessUid: membership.businessUid }
  if (app.protocol.subjectType === 'pairwise' || expected[0] === undefined) return undefined
  return store.staff.find(expected[0])
}
