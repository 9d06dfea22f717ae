import type { Params } from '../../http/params.ts'
import type { Site } from '../../site.ts'
import type { App } from '../../store/nouns/apps.ts'
import { refuse } from '../errors/refusals.ts'
import type { Permission, Proof } from '../issue/permission.ts'
import { authorizationCode } from './authorization-code.ts'
import { clientCredentials } from './client-credentials.ts'
import { refreshToken } from './refresh-token.ts'

/** A token request by an app that has proved who it is. */
export interface TokenRequest {
  app: App
  form: Params
  /** The key that the app has proved to hold; undefined for bearer tokens. */
  proof: Proof | undefined
  /** The reference of the request, which the audit names. */
  reference: string
}

/** A grant type of OAuth. It proves that the app may have tokens; it never issues them. */
export interface Grant {
  readonly type: string
  redeem(request: TokenRequest, site: Site): Promise<Permission>
}

const GRANTS: readonly Grant[] = [authorizationCode, refreshToken, clientCredentials]

/** The supported grant types, by the names of the metadata (RFC 8414 §2). */
export const GRANT_TYPES = GRANTS.map((grant) => grant.type)

/** Returns the grant of this type, or refuses the request. */
export function grantFor(type: string): Grant {
  return (
    GRANTS.find((grant) => grant.type === type) ?? refuse('grant-type.unsupported', { types: GRANT_TYPES.join(', ') })
  )
}
