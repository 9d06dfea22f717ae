import type { RefusalRow } from './refusal.ts'

type Text = string | readonly [says: string, fix: string]
type Row<Shared, T extends Text> = Shared &
  (T extends readonly [infer Says, infer Fix] ? { says: Says; fix: Fix } : { says: T })

/** Makes rows of refusals that differ only in their key, message and fix. */
export function rowsWith<const Shared extends Partial<RefusalRow>, const Texts extends Record<string, Text>>(
  shared: Shared,
  texts: Texts,
): { [Key in keyof Texts]: Row<Shared, Texts[Key]> } {
  const rows = Object.entries(texts).map(([key, text]) => {
    const [says, fix] = typeof text === 'string' ? [text] : text
    return [key, { ...shared, says, ...(fix === undefined ? {} : { fix }) }]
  })
  return Object.fromEntries(rows)
}
