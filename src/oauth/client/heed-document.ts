import { findAppByClientId } from '../../domain/apps/described-app.ts'
import { visitorKey } from '../../http/address.ts'
import type { Incoming } from '../../http/incoming.ts'
import { Problem } from '../../kit/refusal.ts'
import type { Site } from '../../site.ts'
import { refuse } from '../errors/error.ts'

/** Brings up to date what is known of an app whose client id is the URL of a document, before it proves itself by what stands there. */
export async function heedDocument(clientId: string, incoming: Incoming, site: Site): Promise<void> {
  try {
    if (await findAppByClientId(clientId, visitorKey(incoming.address), site)) return
  } catch (error) {
    if (error instanceof Problem)
      refuse('invalid_client', error.message, { field: 'client_id', check: 'client-document', cause: error })
    throw error
  }
  refuse('invalid_client', 'No app with this client_id is let in here.', { field: 'client_id' })
}
