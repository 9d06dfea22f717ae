import { Problem } from '../../kit/refusal.ts'
import { OAuthError } from '../errors/error.ts'

/** What our settings are called by RFC 7591 §2, where the two differ. */
const NAMES: Record<string, string> = {
  name: 'client_name',
  redirect_uri: 'redirect_uris',
  oauth_redirect_uris: 'redirect_uris',
  scopes: 'scope',
  client_auth_jwks_uri: 'jwks_uri',
}

/** Does the work, and says by the names of RFC 7591 §3.2.2 what our own rules refuse of it. */
export async function withMetadataErrors<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof Problem) || error.status !== 422) throw error
    const field = error.field === undefined ? undefined : (NAMES[error.field] ?? error.field)
    const code = field === 'redirect_uris' ? 'invalid_redirect_uri' : 'invalid_client_metadata'
    throw new OAuthError(code, error.message, { ...(field === undefined ? {} : { field }), cause: error.cause })
  }
}
