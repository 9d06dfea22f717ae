import type { Trail } from './db.ts'

/**
 * A trail as one query, for an engine where each costs a round trip. The columns of what it leads to stand behind those of the row, and
 * `found` tells whether there was anything.
 */
export function joined({ sql, by, to }: Trail<unknown, unknown>): string {
  const end = to.sql.replaceAll(/\$([12])\b/g, (_, place) => `r.${by[Number(place) - 1]}`)
  return `select r.*, l.* from (${sql}) r left join lateral (select 1 as found, e.* from (${end}) e) l on true`
}
