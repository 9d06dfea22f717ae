/** Aligns rows in columns under their headings. Returns `none` when there are no rows. */
export function table(headings: readonly string[], rows: readonly (readonly string[])[], none: string): string {
  if (rows.length === 0) return none
  const widths = headings.map((heading, column) => Math.max(heading.length, ...rows.map((row) => row[column]!.length)))
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) => cell.padEnd(widths[column]!))
      .join('  ')
      .trimEnd()
  return [line(headings), ...rows.map(line)].join('\n')
}

/** The date in UTC of a time in seconds since the epoch. */
export const day = (at: number) => new Date(at * 1000).toISOString().slice(0, 10)

/** The date and the time in UTC of a time in seconds since the epoch. */
export const moment = (at: number) => new Date(at * 1000).toISOString().slice(0, 19).replace('T', ' ')
