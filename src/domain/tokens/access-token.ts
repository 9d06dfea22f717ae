import { newSecret } from '../../kit/id.ts'
import type { TokenTyp } from '../../store/nouns/resources.ts'
import type { Keys } from '../keys/keys.ts'
import { DEFAULT_ALGORITHM } from '../keys/signing-algorithms.ts'
import type { Approval } from './approval.ts'

interface Content {
  issuer: string
  clientId: string
  /** The `sub` of the person for this app, or the client id for an app's own token (RFC 9068 §2.2). */
  subject: string
  scopes: readonly string[]
  /** The resource it is for, or the issuer for the platform's own API. */
  audience: string
  now: number
  /** In seconds. */
  lifetime: number
  /** The `typ` of its header. */
  typ: TokenTyp
  /** Further claims about the person and the business. */
  about: Record<string, unknown>
  /** Undefined for an app's own token. */
  approval: Approval | undefined
  /** The key it is bound to, as the JSON of a `cnf` claim (RFC 7800 §3.1); null for a bearer token. */
  cnf: string | null
}

/**
 * Signs an access token as a JWT (RFC 9068 §2), which any API can verify. It is stored like an opaque one, so that it too can be ended at once.
 */
export async function signAccessToken(keys: Keys, content: Content): Promise<string> {
  const { scopes, approval, cnf } = content
  const claims = {
    iss: content.issuer,
    aud: content.audience,
    sub: content.subject,
    client_id: content.clientId,
    iat: content.now,
    exp: content.now + content.lifetime,
    jti: newSecret(),
    // The scope of a token cannot be an empty list (RFC 6749 §3.3).
    scope: scopes.length === 0 ? undefined : scopes.join(' '),
    ...(approval && approvalClaims(approval)),
    ...content.about,
    cnf: cnf === null ? undefined : JSON.parse(cnf),
  }
  return keys.sign(DEFAULT_ALGORITHM, content.typ, claims)
}

/** How the person signed in (RFC 9068 §2.2.1), and the business that the token is for. */
function approvalClaims({ principal, authTime, context }: Approval) {
  return {
    auth_time: authTime,
    acr: context.acr,
    amr: context.amr,
    business_id: principal.businessUid,
    business_uid: principal.businessUid,
    directory_uid: principal.directoryUid,
  }
}
