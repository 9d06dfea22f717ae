import type { Params } from '../../http/params.ts'
import type { Site } from '../../site.ts'
import type { App } from '../../store/nouns/apps.ts'
import { refuse } from '../errors/refusals.ts'
import type { Permission, Proof } from '../issue/permission.ts'
import { authorizationCode } from './authorization-code.ts'
import { clientCredentials } from './client-credentials.ts'
import { refreshToken } from './refresh-token.ts'

/** A token request of an authenticated app. */
export interface TokenRequest {
  app: App
  form: Params
  /** The key that the app has proved to hold, or undefined for bearer tokens. */
  proof: Proof | undefined
  /** The reference of the request, for the audit log. */
  reference: string
}

/** An OAuth grant type. It checks that the app may have tokens, and leaves issuing them to `issue`. */
export interface Grant {
  readonly type: string
  redeem(request: TokenRequest, site: Site): Promise<Permission>
}

const GRANTS: readonly Grant[] = [authorizationCode, refreshToken, clientCredentials]

/** The supported grant types, by their names in the metadata (RFC 8414 §2). */
export const GRANT_TYPES = GRANTS.map((grant) => grant.type)

export function grantFor(type: string): Grant {
  return (
    GRANTS.find((grant) => grant.type === type) ?? refuse('grant-type.unsupported', { types: GRANT_TYPES.join(', ') })
  )
}
