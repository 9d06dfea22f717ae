import type { Incoming } from '../../http/incoming.ts'
import { refuse } from '../errors/refusals.ts'

/** Reads the client metadata in the body (RFC 7591 §3.1). */
export async function readMetadata(incoming: Incoming): Promise<Record<string, unknown>> {
  const type = incoming.header('content-type') ?? ''
  if (!/^application\/json\s*(;|$)/i.test(type)) refuse('registration.not-json')
  const record = await incoming.json()
  // Ignoring a statement that we cannot verify would register something else (RFC 7591 §2.3).
  if ((record.software_statement ?? null) !== null) refuse('registration.software-statement')
  return record
}
