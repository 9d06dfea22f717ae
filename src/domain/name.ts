import { Problem } from '../kit/refusal.ts'

const LONGEST = 100
/** Line breaks and other controls, and what turns the direction of the text around it or cannot be seen (Unicode TR 36 §2). */
const UNFIT = /[\p{Cc}\p{Cs}\u00AD\u200B\u2028-\u202E\u2060-\u206F\uFEFF]/u
const VISIBLE = /[\p{L}\p{N}\p{P}\p{S}]/u

/** A name as people will read it: in composed form, without white space around it, on one line, and really to be seen. */
export function readName(text: string, field: string): string {
  const name = text.normalize('NFC').trim()
  const refuse = (why: string): never => {
    throw new Problem(422, `${field} ${why}.`, { field })
  }
  if (!VISIBLE.test(name)) refuse('must hold something to read')
  if ([...name].length > LONGEST) refuse(`must have at most ${LONGEST} characters`)
  if (UNFIT.test(name)) refuse('holds a control or an invisible character')
  return name
}
