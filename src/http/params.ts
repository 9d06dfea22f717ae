import { isRecord, parseJson } from '../kit/json.ts'
import { refuse } from './refusals.ts'
import { repeatedName } from './repeated-name.ts'

/**
 * The parameters of a request by name. A parameter without a value counts as omitted. A repeated one is refused when it is read
 * (RFC 6749 §3.1, §3.2), and so is one that is not a string in a JSON body. Unknown parameters are ignored. It uses a Map, so that
 * `__proto__` is an ordinary name.
 */
export class Params {
  private readonly values: ReadonlyMap<string, readonly unknown[]>

  constructor(values: ReadonlyMap<string, readonly unknown[]>) {
    this.values = values
  }

  get(name: string): string | undefined {
    const found = this.values.get(name)
    if (!found) return undefined
    if (found.length > 1) refuse('parameter.repeated', { parameter: name, times: found.length })
    return textOf(name, found[0]) || undefined
  }

  /** Returns every value of a parameter that may be repeated (RFC 8707 §2), in the order sent. */
  all(name: string): readonly string[] {
    return this.asSent(name)
      .map((value) => textOf(name, value))
      .filter((value) => value !== '')
  }

  /** Returns every value of a parameter, for records: also empty ones and those that are not strings. */
  asSent(name: string): readonly unknown[] {
    return this.values.get(name) ?? []
  }

  need(name: string): string {
    const value = this.get(name)
    return value ?? refuse('parameter.missing', { parameter: name })
  }

  has(name: string): boolean {
    return this.values.has(name)
  }

  names(): string[] {
    return [...this.values.keys()]
  }

  /** Returns every name with each of its values, including empty and repeated ones. */
  pairs(): [name: string, value: string][] {
    return [...this.values].flatMap(([name, values]) =>
      values.map((value): [string, string] => [name, textOf(name, value)]),
    )
  }

  /** Returns these and other parameters together. A name in both counts as repeated. */
  and(others: Params): Params {
    if (others.isEmpty) return this
    const joined = new Map(this.values)
    for (const [name, values] of others.values) joined.set(name, [...(joined.get(name) ?? []), ...values])
    return new Params(joined)
  }

  get isEmpty(): boolean {
    return this.values.size === 0
  }
}

const MAX_PARAMETERS = 200

export const noParams = new Params(new Map())

/** Parses `application/x-www-form-urlencoded` text, strictly: invalid UTF-8 and NUL are refused, not repaired. */
export function readParams(encoded: string): Params {
  if (encoded === '') return noParams
  const values = new Map<string, string[]>()
  const pairs = encoded.split('&', MAX_PARAMETERS + 1)
  if (pairs.length > MAX_PARAMETERS) refuse('parameter.too-many', { most: MAX_PARAMETERS })
  // One check of the whole text, because most forms contain nothing to decode.
  const isLiteral = !/[%+\0]/.test(encoded) && encoded.isWellFormed()
  const read = isLiteral ? (text: string) => text : decode
  for (const pair of pairs) {
    if (pair === '') continue
    const equals = pair.indexOf('=')
    const name = read(equals < 0 ? pair : pair.slice(0, equals))
    const value = equals < 0 ? '' : read(pair.slice(equals + 1))
    const known = values.get(name)
    if (known) known.push(value)
    else values.set(name, [value])
  }
  return new Params(values)
}

/** Parses parameters sent as a JSON object. A member that is null counts as absent; one that is not a string is refused when it is read. */
export function readJsonParams(text: string): Params {
  const body = readJson(text)
  if (!isRecord(body)) refuse('json.not-an-object')
  const members = Object.entries(body)
  if (members.length > MAX_PARAMETERS) refuse('parameter.too-many', { most: MAX_PARAMETERS })
  const values = new Map<string, unknown[]>()
  for (const [name, value] of members) {
    if (value !== null) values.set(name, [typeof value === 'string' ? plain(value) : value])
  }
  return new Params(values)
}

function textOf(name: string, value: unknown): string {
  return typeof value === 'string' ? value : refuse('json.not-a-string', { parameter: printable(name) })
}

/** Parses JSON. A repeated name in an object is refused, like a repeated parameter. */
export function readJson(text: string): unknown {
  const value = parseJson(text)
  if (value === undefined) refuse('json.invalid')
  const repeated = repeatedName(text)
  if (repeated === undefined) return value
  return refuse('json.repeated', { parameter: printable(repeated) })
}

/** Refuses NUL, which PostgreSQL cannot store, and lone surrogates, which UTF-8 cannot carry. */
export function plain(text: string): string {
  if (text.includes('\0') || !text.isWellFormed()) refuse('parameter.bad-character')
  return text
}

function decode(text: string): string {
  if (!text.includes('%') && !text.includes('+')) return plain(text)
  return plain(decodeUtf8(text.replaceAll('+', ' ')))
}

function decodeUtf8(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return refuse('parameter.bad-encoding')
  }
}

/** Makes a text that the client chose safe for a message: only the characters that RFC 6749 §5.2 allows, and at most 60. */
export function printable(text: string): string {
  return text.replaceAll(/[^\x20-\x21\x23-\x5B\x5D-\x7E]/g, '?').slice(0, 60)
}
