import { nameOn } from '../../domain/apps/settings.ts'
import { Refusal } from '../../kit/refusal.ts'

const called = nameOn('metadata')

/** Does the work, and gives what it refuses of a setting the error code (RFC 7591 §3.2.2) and the name that client metadata has for it. */
export async function withMetadataErrors<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof Refusal) || error.status !== 422) throw error
    const isRedirectUri = error.field !== undefined && called(error.field) === called('redirectUris')
    const code = isRedirectUri ? 'invalid_redirect_uri' : 'invalid_client_metadata'
    throw error.with({ status: 400, code }).renamed(called)
  }
}
