import { withoutUnseen } from '../../kit/unseen.ts'
import { refuse } from './refusals.ts'

const MAX_CHARACTERS = 100
const VISIBLE = /[\p{L}\p{N}\p{P}\p{S}]/u

/** Reads a name that people will see: composed, trimmed, on one line, with something visible. Throws a Refusal that names the field. */
export function readName(text: string, field: string): string {
  const name = text.normalize('NFC').trim()
  const seen = withoutUnseen(name)
  if (!VISIBLE.test(seen)) refuse('name.invisible', { field })
  if ([...name].length > MAX_CHARACTERS) refuse('name.too-long', { field, most: MAX_CHARACTERS })
  if (seen !== name) refuse('name.unseen-character', { field })
  return name
}
