import { explain } from '../explain.ts'

/** What one look has found, and what to do about it. */
export interface Finding {
  name: string
  ok: boolean
  sentence: string
  advice?: string
}

export const well = (name: string, sentence: string): Finding => ({ name, ok: true, sentence })
export const ill = (name: string, sentence: string, advice: string): Finding => ({ name, ok: false, sentence, advice })

/** Says of anything thrown what an operator can do about it. */
export async function illFrom(name: string, error: unknown, advice: string): Promise<Finding> {
  return ill(name, (await explain(error)).message, advice)
}
