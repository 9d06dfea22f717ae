import { z } from 'zod'
import { isRecord } from '../../kit/json.ts'
import { Refusal } from '../../kit/refusal.ts'
import { readName } from '../businesses/name.ts'
import { readScope, splitScopes } from '../tokens/scopes.ts'
import { refuse } from './refusals.ts'
import { refuse as refuseValue, wrongValue } from './value-refusals.ts'
import { faultOfUri, faultOfWebUri } from './web-uri.ts'

/*
 * The kinds of values that settings of an app have. The description of a kind completes "must be …" in the documentation. Each part of a kind
 * throws a refusal of its own instead of collecting the issues that zod has.
 */

/** Reads one value. Throws a Refusal that names the field. */
export function readSetting<T>(field: string, kind: z.ZodType<T>, value: unknown): T {
  try {
    return kind.parse(value)
  } catch (error) {
    throw error instanceof Refusal ? error.about(field) : error
  }
}

/** Returns the value as this kind reads it; undefined when it cannot be used. */
export function findUsable<T>(kind: z.ZodType<T>, value: unknown): T | undefined {
  try {
    return kind.parse(value)
  } catch (error) {
    if (error instanceof Refusal) return undefined
    throw error
  }
}

/** Makes a part of a kind throw this refusal. */
export function orRefuse(refusal: Refusal) {
  const error = () => {
    throw refusal
  }
  return { error, abort: true }
}

/** Without NUL and lone surrogates, which a database may not be able to store. */
const STORABLE = /^[^\0\p{Cs}]*$/u

export const text = z
  .string(orRefuse(wrongValue('value.text')))
  .max(2100, orRefuse(wrongValue('value.long-text', { most: 2100 })))
  .regex(STORABLE, orRefuse(wrongValue('value.character')))
  .describe('text')

/** `true`, or `"true"` as many clients of the management API send it. */
export const flag = z
  .literal([true, false, 'true', 'false'], orRefuse(wrongValue('value.flag')))
  .transform((value) => String(value) === 'true')
  .describe('true or false')

/** A whole number of seconds, or a text of its digits. */
export function seconds(least: number, most: number) {
  const inRange = orRefuse(wrongValue('value.seconds', { least, most }))
  return z
    .preprocess(
      (value) => (typeof value === 'string' && /^\d{1,10}$/.test(value) ? Number(value) : value),
      z.int(inRange).min(least, inRange).max(most, inRange),
    )
    .describe(`seconds, from ${least} to ${most}`)
}

export function choice<const C extends readonly string[]>(choices: C) {
  const shape = choices.length > 2 ? `one of ${choices.join(', ')}` : choices.join(' or ')
  return z
    .enum(choices, orRefuse(wrongValue('value.choice', { choices: shape })))
    .meta({ description: choices.join(', '), choices })
}

/**
 * A list of texts, or the object with the keys 0, 1, 2 … that some clients send in its place. With `split` also one text that is
 * split, and so is each text of the list; with `orOne` also one text.
 */
export function list(
  most: number,
  { split, orOne = false }: { split?: (text: string) => string[]; orOne?: boolean } = {},
) {
  const short = orRefuse(wrongValue('value.short-list', { most }))
  return z
    .preprocess(
      (value) => {
        const items = typeof value === 'string' && (split || orOne) ? [value] : (numbered(value) ?? value)
        if (!split || !Array.isArray(items)) return items
        return items.flatMap((item) => (typeof item === 'string' ? split(item) : [item]))
      },
      z.array(z.string(short).max(2100, short).regex(STORABLE, short), short).max(most, short),
    )
    .meta({ description: 'list of strings', list: true })
}

/** The items of an object whose keys are 0, 1, 2 … */
function numbered(value: unknown): unknown[] | undefined {
  if (!isRecord(value)) return undefined
  const entries = Object.entries(value)
  return entries.every(([key]) => /^\d{1,4}$/.test(key)) ? entries.map(([, item]) => item) : undefined
}

/** Adds a check to a kind. The check throws a Refusal. */
export function checked<T extends z.ZodType>(kind: T, check: (value: z.output<T>) => void): T {
  return kind.superRefine((value) => check(value))
}

export const name = text.transform((value) => readName(value, '')).describe('1 to 100 characters on one line')

/** A list of scopes, or one text of scopes. Ignores superfluous spaces. */
export const scopeList = list(100, { split: splitScopes }).meta({ description: 'list of scopes', list: true })

/** The names of a `scope` parameter (RFC 6749 §3.3). */
export const scopeText = z
  .string(orRefuse(wrongValue('value.names')))
  .max(4000, orRefuse(wrongValue('value.names')))
  .transform((value) => readScope(value) ?? refuseValue('value.names'))

/** A web address that we fetch, or show as a link. */
export const webUri = checked(text, (value) => {
  const fault = faultOfWebUri(value)
  if (fault) refuse('setting.uri', { fault })
}).describe('https URL')

/** The identifier of a resource (RFC 8707 §2). Whether it is registered is checked at each request. */
export const resourceUri = checked(text, (value) => {
  const fault = faultOfUri(value)
  if (fault) refuse('setting.resource-uri', { fault })
}).describe('identifier of a resource')

/** The redirect URIs of an app that describes itself. The unusable ones are left out later. */
export const ownUris = z.array(z.unknown(), orRefuse(wrongValue('value.uris')))
