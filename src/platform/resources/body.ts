import { z } from 'zod'
import type { ResourceDraft } from '../../domain/resource-settings.ts'
import { Malformed } from '../../http/params.ts'
import { Problem } from '../../kit/refusal.ts'

const text = z
  .string('must be a string')
  .max(2100, 'must have at most 2100 characters')
  .regex(/^[^\0\p{Cs}]*$/u, 'holds a character that is not allowed')

/** An empty value, or null, counts as absent. */
const maybe = <T extends z.ZodType>(kind: T) =>
  z.preprocess((value) => (value === '' ? undefined : (value ?? undefined)), kind.optional())
/** An empty value, or null, takes away what was there. */
const clearable = <T extends z.ZodType>(kind: T) =>
  z.preprocess((value) => (value === '' ? null : value), kind.nullish())

const Body = z.object({
  identifier: maybe(text),
  name: maybe(text),
  directory_uid: maybe(text),
  scopes: clearable(z.preprocess(split, z.array(text, 'must be a list of strings'))),
  token_format: clearable(z.literal(['opaque', 'jwt'], 'must be opaque or jwt')),
  token_lifetime: clearable(z.int('must be a whole number of seconds')),
  introspection: maybe(z.boolean('must be true or false')),
})

/** The body of a registration, or of a change, of a resource server. Throws a Problem that names the first field that is not right. */
export function readResource(body: unknown): ResourceDraft {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new Malformed('The JSON body must be an object.')
  }
  const read = Body.safeParse(body)
  if (!read.success) {
    const [issue] = read.error.issues
    const field = String(issue!.path[0])
    throw new Problem(422, `${field} ${issue!.message}.`, { field })
  }
  const { data } = read
  return {
    identifier: data.identifier,
    name: data.name,
    directoryUid: data.directory_uid,
    scopes: data.scopes,
    tokenFormat: data.token_format,
    tokenLifetime: data.token_lifetime,
    introspection: data.introspection,
  }
}

/** One text with spaces between is a list, as the protocol writes scopes. */
function split(value: unknown): unknown {
  return typeof value === 'string' ? value.split(' ').filter((name) => name !== '') : value
}
