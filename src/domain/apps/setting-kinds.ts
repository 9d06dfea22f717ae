import { z } from 'zod'
import { isRecord } from '../../kit/json.ts'
import { Refusal } from '../../kit/refusal.ts'
import { readName } from '../businesses/name.ts'
import { readScope, splitScopes } from '../tokens/scopes.ts'
import { refuse } from './refusals.ts'
import { faultOfUri, faultOfWebUri } from './web-uri.ts'

/*
 * The kinds of values that settings of an app have. The description of a kind completes "must be …" in the documentation. The messages
 * complete a message that begins with the name of the setting.
 */

/** Reads one value. Throws a Refusal that names the field. */
export function readSetting<T>(field: string, kind: z.ZodType<T>, value: unknown): T {
  const { success, data, error } = kind.safeParse(value)
  if (success) return data
  const [issue] = error.issues
  if (issue?.code === 'custom') issue.params?.refuse?.(field)
  return refuse('setting.wrong', { field, expected: issue!.message })
}

/** Without NUL and lone surrogates, which a database may not be able to store. */
const STORABLE = /^[^\0\p{Cs}]*$/u

export const text = z
  .string('must be a string')
  .max(2100, 'must have at most 2100 characters')
  .regex(STORABLE, 'has a character that is not allowed')
  .describe('text')

/** `true`, or `"true"` as many clients of the management API send it. */
export const flag = z
  .literal([true, false, 'true', 'false'], 'must be true or false')
  .transform((value) => String(value) === 'true')
  .describe('true or false')

/** A whole number of seconds, or a text of its digits. */
export function seconds(least: number, most: number) {
  const message = `must be a whole number of seconds from ${least} to ${most}`
  return z
    .preprocess(
      (value) => (typeof value === 'string' && /^\d{1,10}$/.test(value) ? Number(value) : value),
      z.int(message).min(least, message).max(most, message),
    )
    .describe(`seconds, from ${least} to ${most}`)
}

export function choice<const C extends readonly string[]>(choices: C) {
  const shape = choices.length > 2 ? `one of ${choices.join(', ')}` : choices.join(' or ')
  return z.enum(choices, `must be ${shape}`).meta({ description: choices.join(', '), choices })
}

/**
 * A list of texts, or the object with the keys 0, 1, 2 … that some clients send in its place. With `split` also one text that is
 * split, and so is each text of the list; with `orOne` also one text.
 */
export function list(
  most: number,
  { split, orOne = false }: { split?: (text: string) => string[]; orOne?: boolean } = {},
) {
  const message = `must be a list of at most ${most} strings`
  return z
    .preprocess(
      (value) => {
        const items = typeof value === 'string' && (split || orOne) ? [value] : (numbered(value) ?? value)
        if (!split || !Array.isArray(items)) return items
        return items.flatMap((item) => (typeof item === 'string' ? split(item) : [item]))
      },
      z.array(z.string(message).max(2100, message).regex(STORABLE, message), message).max(most, message),
    )
    .meta({ description: 'list of strings', list: true })
}

/** The items of an object whose keys are 0, 1, 2 … */
function numbered(value: unknown): unknown[] | undefined {
  if (!isRecord(value)) return undefined
  const entries = Object.entries(value)
  return entries.every(([key]) => /^\d{1,4}$/.test(key)) ? entries.map(([, item]) => item) : undefined
}

/** Adds a rule to a kind. `faultOf` returns what is wrong with a value, or undefined. */
export function ruled<T extends z.ZodType>(kind: T, faultOf: (value: z.output<T>) => string | undefined): T {
  return kind.superRefine((value, context) => {
    const message = faultOf(value)
    if (message !== undefined) context.addIssue({ code: 'custom', message })
  })
}

/** Adds a check to a kind. The check throws a Refusal that names the field. */
function checked<T extends z.ZodType>(kind: T, check: (value: z.output<T>, field: string) => unknown): T {
  return kind.superRefine((value, context) => {
    try {
      check(value, '')
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      context.addIssue({ code: 'custom', params: { refuse: (field: string) => check(value, field) } })
    }
  })
}

export const name = checked(text, readName)
  .transform((value) => readName(value, ''))
  .describe('1 to 100 characters on one line')

const NAMES = 'must be one text of names, separated by spaces'
/** A list of scopes, or one text of scopes. Ignores superfluous spaces. */
export const scopeList = list(100, { split: splitScopes }).meta({ description: 'list of scopes', list: true })

/** The names of a `scope` parameter (RFC 6749 §3.3). */
export const scopeText = z
  .string(NAMES)
  .max(4000, NAMES)
  .transform((value, context) => {
    const names = readScope(value)
    if (names) return names
    context.addIssue({ code: 'custom', message: NAMES })
    return z.NEVER
  })

/** A web address that we fetch, or show as a link. */
export const webUri = ruled(text, (value) => {
  const fault = faultOfWebUri(value)
  return fault && `cannot be used: ${fault}`
}).describe('https URL')

/** The identifier of a resource (RFC 8707 §2). Whether it is registered is checked at each request. */
export const resourceUri = ruled(text, (value) => {
  const fault = faultOfUri(value)
  return fault && `must be the identifier of a resource: ${fault}`
}).describe('identifier of a resource')

/** The redirect URIs of an app that describes itself. The unusable ones are left out later. */
export const ownUris = z.array(z.unknown(), 'must be a list of URIs')
