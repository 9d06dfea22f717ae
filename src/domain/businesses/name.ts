import { withoutUnseen } from '../../kit/unseen.ts'
import { refuse } from './refusals.ts'

const LONGEST = 100
const VISIBLE = /[\p{L}\p{N}\p{P}\p{S}]/u

/** A name as people will read it: in composed form, without white space around it, on one line, and really to be seen. */
export function readName(text: string, field: string): string {
  const name = text.normalize('NFC').trim()
  const seen = withoutUnseen(name)
  if (!VISIBLE.test(seen)) refuse('name.empty', { field })
  if ([...name].length > LONGEST) refuse('name.too-long', { field, most: LONGEST })
  if (seen !== name) refuse('name.unseen', { field })
  return name
}
