import { nameOn } from '../../domain/apps/settings.ts'
import { Refusal } from '../../kit/refusal.ts'

const wireName = nameOn('metadata')

/** Runs `work`. Refusals of an app setting get the error code of RFC 7591 §3.2.2, and the name of the setting in client metadata. */
export async function withMetadataErrors<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof Refusal) || error.status !== 422) throw error
    const isRedirectUri = error.field !== undefined && wireName(error.field) === wireName('redirectUris')
    const code = isRedirectUri ? 'invalid_redirect_uri' : 'invalid_client_metadata'
    throw error.with({ status: 400, code }).renamed(wireName)
  }
}
