import type { AuthorizationRequest } from '../../domain/requests/authorization-request.ts'
import type { Site } from '../../site.ts'
import type { App } from '../../store/nouns/apps.ts'
import type { LiveSession } from '../../store/nouns/sessions.ts'
import { wishedSubjects } from '../authorize/claims-parameter.ts'
import { refuse } from '../errors/error.ts'
import { readOwnIdToken } from './own-id-token.ts'

/**
 * OpenID Connect Core §3.1.2.1, §5.5.1: the app expects the person whom this ID token names, or one of the subjects that its claims
 * parameter wishes for. Somebody else who happens to be signed in is never passed off as that person: they sign in afresh, or where no
 * page may be shown the app is told. A token that is not ours, or that was given to another app, names nobody; one that has expired is
 * still a hint.
 */
export async function heedHint(
  hint: string | undefined,
  request: AuthorizationRequest,
  session: LiveSession | undefined,
  app: App,
  site: Site,
): Promise<AuthorizationRequest> {
  const wished = wishedSubjects(request.claims)
  if (hint === undefined && wished === undefined) return request
  const hinted = hint === undefined ? undefined : await subjectOf(hint, app, site)
  const expected = hint === undefined ? wished! : hinted === undefined ? [] : [hinted]
  const named = await findNamed(expected, session, app, site)
  const heeded = {
    ...request,
    hintedSubject: hinted ?? null,
    businessUid: request.businessUid ?? named?.businessUid ?? null,
  }
  if (!session || named?.personUid === session.personUid) return heeded
  if (request.prompt.includes('none')) {
    const field = hint === undefined ? 'claims' : 'id_token_hint'
    refuse('login_required', `The ${field} does not name the person who is signed in.`, { field })
  }
  return { ...heeded, freshLogin: true }
}

async function subjectOf(hint: string, app: App, site: Site): Promise<string | undefined> {
  const token = await readOwnIdToken(hint, site)
  return token?.clientId === app.clientId ? token.subject : undefined
}

/** Whom one of the subjects names: the person who is signed in, if they are among them. A pairwise subject alone tells nothing of its person. */
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
