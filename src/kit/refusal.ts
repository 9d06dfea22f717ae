/** One row of a table of refusals. `says` and `fix` may hold `{placeholders}`. */
export interface RefusalRow {
  readonly status: number
  /** The error code of the protocol. Rows of other rooms and floors have none. */
  readonly code?: string
  /** The parameter that is wrong, by its name on the wire. `{parameter}` inserts it. */
  readonly parameter?: string
  /** The field that is wrong, by our own name (camelCase). `{field}` inserts it, `{#otherField}` another one; each surface translates both. */
  readonly field?: string
  /** The message for the developer or operator. */
  readonly says: string
  /** What to do about it, where `says` does not say it. */
  readonly fix?: string
  /** How long to wait before the next try, in seconds (RFC 9110 §10.2.3). */
  readonly retryAfter?: number
}

export interface RefusalDetails {
  /** For the log only; never shown. */
  cause?: unknown
  /** The refusal that says exactly what is wrong, where the answer must not. `behalf why` shows it to the operator. */
  actual?: Refusal
  headers?: Record<string, string>
  /** In seconds, where the row has none. */
  retryAfter?: number
}

/** A refusal as a value is the reason of another: its message is inserted, and its fix is used if the other has none. */
type Value = string | number | Refusal
type Values = Readonly<Record<string, Value>>

/** An expected error, made from its row. Any other error that is thrown is our bug. */
export class Refusal extends Error {
  /** The permanent name of the row, as in `behalf why` and docs/errors.md. */
  readonly key: string
  readonly status: number
  readonly code: string | undefined
  /** What is wrong: a name on the wire, or our own name, which the surface translates with `renamed`. */
  readonly field: string | undefined
  readonly fix: string | undefined
  readonly headers: Record<string, string> | undefined
  private readonly from: {
    row: RefusalRow
    values: Values
    details: RefusalDetails
    nameOf: typeof same
    filled: Values
  }

  constructor(key: string, row: RefusalRow, values: Values = {}, details: RefusalDetails = {}, nameOf = same) {
    const own = values.field ?? row.field
    const wire = values.parameter ?? row.parameter
    const field = own === undefined ? wire : nameOf(String(own))
    const filled = { ...values, ...(field === undefined ? {} : { field, parameter: field }) }
    super(fill(row.says, filled, nameOf), { cause: details.cause })
    this.key = key
    this.status = row.status
    this.code = row.code
    this.field = field === undefined ? undefined : String(field)
    this.fix = row.fix === undefined ? reasonIn(values)?.fix : fill(row.fix, filled, nameOf)
    const retryAfter = details.retryAfter ?? row.retryAfter
    this.headers =
      retryAfter === undefined
        ? details.headers
        : { 'retry-after': String(Math.max(1, Math.ceil(retryAfter))), ...details.headers }
    this.from = { row, values, details, nameOf, filled }
  }

  /** What the operator reads: the exact refusal if there is one, else this. */
  get actual(): Refusal {
    return this.from.details.actual ?? this
  }

  /** What the log and `behalf why` call this: its key, and the key of the reason that its message quotes. */
  get check(): string {
    const reason = reasonIn(this.from.values)
    return reason ? `${this.key}: ${reason.check}` : this.key
  }

  /** Returns the message and the fix with each text that was filled in replaced by what `show` returns for it, because it may quote the request. */
  shownWith(show: (value: string) => string): { message: string; fix: string | undefined } {
    const { row, filled, nameOf } = this.from
    const shownValue = (value: Value) =>
      value instanceof Refusal ? value.shownWith(show).message : show(String(value))
    const shown = Object.fromEntries(
      Object.entries(filled).map(([name, value]) => [name, typeof value === 'number' ? value : shownValue(value)]),
    )
    const fix = row.fix === undefined ? reasonIn(filled)?.shownWith(show).fix : fill(row.fix, shown, nameOf)
    return { message: fill(row.says, shown, nameOf), fix }
  }

  /** Returns a copy with another status, code or headers, for another surface. Key, message and fix stay. */
  with({ headers, ...changes }: Partial<RefusalRow> & Pick<RefusalDetails, 'headers'>): Refusal {
    const { row, values, details, nameOf } = this.from
    return new Refusal(this.key, { ...row, ...changes }, values, headers ? { ...details, headers } : details, nameOf)
  }

  /** Returns a copy about this field of ours. */
  about(field: string): Refusal {
    const { row, values, details, nameOf } = this.from
    return new Refusal(this.key, row, { ...values, field }, details, nameOf)
  }

  /** Returns a copy with our names of fields translated for a surface. Names on the wire stay. A copy is not translated again. */
  renamed(nameOf: (field: string) => string): Refusal {
    const { row, values, details, nameOf: before } = this.from
    const isOurs = (values.field ?? row.field) !== undefined || row.says.includes('{#')
    return before !== same || !isOurs ? this : new Refusal(this.key, row, values, details, nameOf)
  }
}

const same = (name: string) => name

const reasonIn = (values: Values) => Object.values(values).find((value) => value instanceof Refusal)

function fill(text: string, values: Values, nameOf: (field: string) => string): string {
  if (!text.includes('{')) return text
  return text.replaceAll(/\{(#?)(\w+)\}/g, (_, mark, name) => (mark ? nameOf(name) : textOf(values[name]!)))
}

const textOf = (value: Value) => (value instanceof Refusal ? value.message : String(value))

type Placeholder<Text extends string> = Text extends `${string}{${infer Name}}${infer Rest}`
  ? (Name extends `#${string}` ? never : Name) | Placeholder<Rest>
  : never
type Filled<Row> =
  | (Row extends { field: string } ? 'field' : never)
  | (Row extends { parameter: string } ? 'parameter' : never)
/** The placeholders that the caller has to fill. */
type Open<Row extends RefusalRow> =
  | Exclude<Placeholder<Row['says']>, Filled<Row>>
  | (Row extends { fix: string } ? Exclude<Placeholder<Row['fix']>, Filled<Row>> : never)
type Rest<Row extends RefusalRow> = [Open<Row>] extends [never]
  ? [values?: { readonly field?: string; readonly parameter?: string }, details?: RefusalDetails]
  : [
      values: Readonly<Record<Open<Row>, Value>> & { readonly field?: string; readonly parameter?: string },
      details?: RefusalDetails,
    ]

export interface Refusals<Rows extends Record<string, RefusalRow>> {
  readonly rows: Rows
  /** Returns the refusal of this key. */
  refusal<Key extends keyof Rows & string>(key: Key, ...rest: Rest<Rows[Key]>): Refusal
  /** Throws the refusal of this key. */
  refuse<Key extends keyof Rows & string>(key: Key, ...rest: Rest<Rows[Key]>): never
}

/**
 * Makes the two functions of a table of refusals. A key names a subject and what is wrong with it (`redirect-uri.unregistered`), is
 * unique among all tables, and permanent: it is stored with the refusals that `behalf why` explains.
 */
export function defineRefusals<const Rows extends Record<string, RefusalRow>>(rows: Rows): Refusals<Rows> {
  const refusal = (key: string, values?: Values, details?: RefusalDetails) =>
    new Refusal(key, rows[key]!, values, details)
  return {
    rows,
    refusal: refusal as Refusals<Rows>['refusal'],
    refuse: ((key, values, details) => {
      throw refusal(key, values as Values, details)
    }) as Refusals<Rows>['refuse'],
  }
}
