import { z } from 'zod'
import { text } from '../../domain/apps/setting-kinds.ts'
import type { ResourceDraft } from '../../domain/tokens/resource-settings.ts'
import { clearable, maybe, needRecord, readFields } from '../fields.ts'

const Body = z.object({
  identifier: maybe(text),
  name: maybe(text),
  directory_uid: maybe(text),
  scopes: clearable(z.preprocess(split, z.array(text, 'must be a list of strings'))),
  token_format: clearable(z.literal(['opaque', 'jwt'], 'must be opaque or jwt')),
  token_lifetime: clearable(z.int('must be a whole number of seconds')),
  introspection: maybe(z.boolean('must be true or false')),
})

/** The body of a registration, or of a change, of a resource server. Refuses the first field that is not right by its name. */
export function readResource(body: unknown): ResourceDraft {
  const data = readFields(Body, needRecord(body))
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
