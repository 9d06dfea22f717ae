import type { Site } from '../../site.ts'
import { type Command, type CommandOption, command, type Values } from './command.ts'
import { pickJson } from './pick-json.ts'
import { day, table } from './table.ts'
import { withSite } from './with-site.ts'

interface Listing<Options extends Record<string, CommandOption>, Row extends object> {
  /** The JSON member that holds the rows. */
  of: string
  options: Options
  examples: readonly string[]
  more?: string
  /** Throws a Failure when a value is invalid, before the database is opened. */
  check?(values: Values<Options>): void
  rows(values: Values<Options>, site: Site): Promise<readonly Row[]>
  /** The columns of the text by heading: the member of the row, or its text. A number is printed as a date. */
  columns: Record<string, keyof Row | ((row: Row) => string)>
  /** The members of a row in JSON. */
  json: readonly (keyof Row & string)[]
  /** Returns the uid that `--before` takes for the next page; undefined when this page is the last. */
  next?(rows: readonly Row[], values: Values<Options>): string | undefined
  /** The text when there are no rows. */
  none: string
}

/** A command that prints rows: as a table, or as a list in JSON. */
export function listCommand<const Options extends Record<string, CommandOption>, Row extends object>(
  listing: Listing<Options, Row>,
): Command<Options> {
  const { of, options, examples, more, columns, json, none } = listing
  return command<Options>({
    options,
    examples,
    ...(more !== undefined && { more }),
    async run(values, around) {
      listing.check?.(values)
      const rows = await withSite(around, (site) => listing.rows(values, site))
      const cells = rows.map((row) =>
        Object.values(columns).map((column) => (typeof column === 'function' ? column(row) : cell(row, column))),
      )
      const next = listing.next?.(rows, values)
      const text = table(Object.keys(columns), cells, none)
      return {
        text: next === undefined ? text : `${text}\n\nThe next page: --before ${next}`,
        json: { [of]: rows.map((row) => pickJson(row, ...json)), ...(listing.next && { next: next ?? null }) },
      }
    },
  })
}

function cell<Row>(row: Row, member: keyof Row): string {
  const value = row[member]
  if (typeof value === 'number') return member === 'endedAt' ? `ended ${day(value)}` : day(value)
  return Array.isArray(value) ? value.join(' ') : String(value ?? '')
}
