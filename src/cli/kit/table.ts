/** Rows under their headings, each column as wide as its widest cell; `none` when there are no rows. */
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

/** Seconds since the epoch as people read them. */
export function day(at: number): string {
  return new Date(at * 1000).toISOString().slice(0, 10)
}

/** Says when something has ended. */
export function endNote(endedAt: number | null): string {
  return endedAt === null ? '' : `ended ${day(endedAt)}`
}
