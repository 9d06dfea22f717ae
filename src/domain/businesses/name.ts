import { Problem } from '../../kit/refusal.ts'
import { withoutUnseen } from '../../kit/unseen.ts'

const LONGEST = 100
const VISIBLE = /[\p{L}\p{N}\p{P}\p{S}]/u

/** A name as people will read it: in composed form, without white space around it, on one line, and really to be seen. */
export function readName(text: string, field: string): string {
  const name = text.normalize('NFC').trim()
  const refuse = (why: string): never => {
    throw new Problem(422, `${field} ${why}.`, { field })
  }
  const seen = withoutUnseen(name)
  if (!VISIBLE.test(seen)) refuse('must hold something to read')
  if ([...name].length > LONGEST) refuse(`must have at most ${LONGEST} characters`)
  if (seen !== name) refuse('holds a control or an invisible character')
  return name
}
