import { compactVerify, createLocalJWKSet } from 'jose'
import type { AuthorizationRequest } from '../../domain/authorization-request.ts'
import { SIGNING_ALGORITHMS } from '../../domain/keys.ts'
import type { Site } from '../../site.ts'
import type { App, LiveSession } from '../../store/rows.ts'
import { refuse } from '../error.ts'

/**
 * OpenID Connect Core §3.1.2.1: the app expects the person whom this ID token names. Somebody else who happens to be signed in is never
 * passed off as that person: they sign in afresh, or where no page may be shown the app is told. A token that is not ours, or that was
 * given to another app, names nobody; one that has expired is still a hint.
 */
export async function heedHint(
  hint: string | undefined,
  request: AuthorizationRequest,
  session: LiveSession | undefined,
  app: App,
  site: Site,
): Promise<AuthorizationRequest> {
  if (hint === undefined) return request
  const subject = await subjectOf(hint, app, site)
  const staff = subject === undefined ? undefined : await site.store.staff.find(subject)
  const expected = staff
    ? { ...request, hintedStaff: staff.uid, businessUid: request.businessUid ?? staff.businessUid }
    : request
  if (!session || staff?.personUid === session.personUid) return expected
  if (request.prompt.includes('none'))
    refuse('login_required', 'The id_token_hint does not name the person who is signed in.', { field: 'id_token_hint' })
  return { ...expected, freshLogin: true }
}

async function subjectOf(hint: string, app: App, { keys, config }: Site): Promise<string | undefined> {
  try {
    const known = createLocalJWKSet(await keys.published())
    const { payload, protectedHeader } = await compactVerify(hint, known, { algorithms: [...SIGNING_ALGORITHMS] })
    const claims = JSON.parse(new TextDecoder().decode(payload))
    const isOurs = protectedHeader.typ === 'JWT' && claims.iss === config.issuer && claims.aud === app.clientId
    return isOurs && typeof claims.sub === 'string' ? claims.sub : undefined
  } catch {
    return undefined
  }
}
