import type { Incoming } from '../../http/incoming.ts'
import { refusal as httpRefusal } from '../../http/refusals.ts'
import { refuse } from '../errors/refusals.ts'

/** The members of the JSON object that describes an app (RFC 7591 §3.1). */
export async function readDescription(incoming: Incoming): Promise<Record<string, unknown>> {
  const type = incoming.header('content-type') ?? ''
  if (!/^application\/json\s*(;|$)/i.test(type)) refuse('registration.not-json')
  const body = await incoming.json()
  if (typeof body !== 'object' || body === null || Array.isArray(body)) throw httpRefusal('json.not-an-object')
  const record = body as Record<string, unknown>
  // A statement that cannot be verified is refused: to ignore it would register something else (RFC 7591 §2.3).
  if (record.software_statement !== undefined && record.software_statement !== null) {
    refuse('registration.software-statement')
  }
  return record
}
