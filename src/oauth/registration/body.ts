import type { Incoming } from '../../http/incoming.ts'
import { Malformed } from '../../http/params.ts'
import { OAuthError } from '../errors/error.ts'

/** The members of the JSON object that describes an app (RFC 7591 §3.1). */
export async function readDescription(incoming: Incoming): Promise<Record<string, unknown>> {
  const type = incoming.header('content-type') ?? ''
  if (!/^application\/json\s*(;|$)/i.test(type))
    throw new Malformed('Send the description of the app as application/json.', undefined, 415)
  const body = await incoming.json()
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw new Malformed('The JSON body must be an object.')
  const record = body as Record<string, unknown>
  // What nobody here could verify is refused rather than believed, or taken to be believed (RFC 7591 §2.3).
  if (record.software_statement !== undefined && record.software_statement !== null) {
    throw new OAuthError(
      'invalid_software_statement',
      'No software statement is taken here; send the members themselves.',
      {
        field: 'software_statement',
      },
    )
  }
  return record
}
