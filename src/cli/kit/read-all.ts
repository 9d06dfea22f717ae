const PAGE_ROWS = 500

/** Reads a list page by page, and returns all its rows. `read` returns the rows after the given uid, at most `limit`. */
export async function readAll<Row extends { uid: string }>(
  read: (limit: number, after: string | undefined) => Promise<readonly Row[]>,
): Promise<Row[]> {
  const all: Row[] = []
  for (;;) {
    const page = await read(PAGE_ROWS, all.at(-1)?.uid)
    all.push(...page)
    if (page.length < PAGE_ROWS) return all
  }
}
