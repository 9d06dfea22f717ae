import { z } from 'zod'
import type { AppChange, AppDraft } from '../../domain/apps/app-draft.ts'
import { AUTH_METHODS, readProtocol } from '../../domain/apps/app-protocol.ts'
import { Malformed, printable } from '../../http/params.ts'
import { Problem } from '../../kit/refusal.ts'
import { clearable, maybe, needRecord, readFields, text } from '../fields.ts'
import { readListing } from './listing.ts'

/** What one may take for a field of ours, and the field that is meant; to ignore these would register something else than was asked. */
const MISNAMED: Record<string, string> = {
  redirect_uris: 'oauth_redirect_uris',
  redirect_url: 'redirect_uri',
  scope: 'scopes',
  jwks_uri: 'client_auth_jwks_uri',
}
type Environment = 'development' | 'production'

const GIVEN_BY_US = ['client_id', 'client_secret', 'app_id']

/** `true`, or `"true"` as many clients of this API write it. */
const flag = z
  .literal([true, false, 'true', 'false'], 'must be true or false')
  .transform((value) => String(value) === 'true')

/** A list, the object with the keys 0, 1, 2 … that some clients make of one, or one text, split where `between` says. */
const list = (between?: string) =>
  z.unknown().transform((value, context) => {
    const items = itemsOf(value, between)
    if (items && items.length <= 100 && items.every((item) => text.safeParse(item).success)) return items as string[]
    context.addIssue({ code: 'custom', message: 'must be a list of at most 100 strings' })
    return z.NEVER
  })

const seconds = z.preprocess(
  (value) => (typeof value === 'string' && /^\d{1,10}$/.test(value) ? Number(value) : value),
  z.int('must be a whole number of seconds'),
)

/** The fields that mean something here. What is not among them, and does not describe the app, is ignored (as RFC 7591 §2 has it). */
const Body = z.object({
  name: maybe(text),
  app_code_name: maybe(text),
  redirect_uri: maybe(text),
  oauth_redirect_uris: maybe(list()),
  trusted: maybe(flag),
  public: maybe(flag),
  token_endpoint_auth_method: maybe(z.literal([...AUTH_METHODS], `must be one of ${AUTH_METHODS.join(', ')}`)),
  scopes: maybe(list(' ')),
  demand_scopes: maybe(list(' ')),
  openid: maybe(flag),
  access_token_format: maybe(z.literal(['opaque', 'jwt'], 'must be opaque or jwt')),
  access_token_lifetime: clearable(seconds),
  client_auth_jwks_uri: clearable(text),
  directory_uid: maybe(text),
  app_id: maybe(text),
  client_id: maybe(text),
  client_secret: maybe(text),
})

/** The body of a registration. Throws a Problem that names the first field that is not right. */
export function readNewApp(body: unknown, env: Environment): AppDraft {
  const record = needOurFields(body)
  for (const field of GIVEN_BY_US) {
    if (record[field] !== undefined && record[field] !== null && record[field] !== '') {
      throw new Problem(422, `${field} is chosen by the server; leave it out.`, { field })
    }
  }
  return readAppChange(record, env)
}

/** The body of a change; every field may be left out. */
export function readAppChange(body: unknown, env: Environment): AppChange {
  const record = needOurFields(body)
  const data = readFields(Body, record)
  return {
    name: data.name,
    codeName: data.app_code_name,
    redirectUri: data.redirect_uri,
    furtherRedirectUris: data.oauth_redirect_uris,
    trusted: data.trusted,
    public: readPublic(data),
    scopes: data.scopes || data.demand_scopes ? [...(data.scopes ?? []), ...(data.demand_scopes ?? [])] : undefined,
    openid: data.openid,
    accessTokenFormat: data.access_token_format,
    accessTokenLifetime: data.access_token_lifetime,
    jwksUri: data.client_auth_jwks_uri,
    protocol: readProtocol(record, { env, by: 'platform' }),
    listing: readListing(record),
    directoryUid: data.directory_uid,
    uid: data.app_id,
    clientId: data.client_id,
    secret: data.client_secret,
  }
}

/** The body, if no field of it is one that we call otherwise, or that only JSON could carry. */
function needOurFields(body: unknown): Record<string, unknown> {
  const record = needRecord(body)
  for (const name of Object.keys(record)) {
    const meant = Object.hasOwn(MISNAMED, name) ? MISNAMED[name] : undefined
    if (meant) throw new Problem(422, `${name} is called ${meant} here.`, { field: name })
    if (name.includes('[')) {
      throw new Malformed('A form cannot carry lists and objects here; send them as JSON.', printable(name))
    }
  }
  return record
}

/** Whether the app is to be public, said in one of two ways, or in both alike. */
function readPublic(data: z.infer<typeof Body>): boolean | undefined {
  const method = data.token_endpoint_auth_method
  if (method === undefined) return data.public
  const isPublic = method === 'none'
  if (data.public !== undefined && data.public !== isPublic) {
    const sentence = `token_endpoint_auth_method ${method} and public ${data.public} contradict each other.`
    throw new Problem(422, sentence, { field: 'token_endpoint_auth_method' })
  }
  return isPublic
}

function itemsOf(value: unknown, between: string | undefined): unknown[] | undefined {
  if (typeof value === 'string') return between ? value.split(between).filter((part) => part !== '') : [value]
  if (Array.isArray(value)) return value
  if (typeof value !== 'object' || value === null) return undefined
  const entries = Object.entries(value)
  return entries.every(([key]) => /^\d{1,4}$/.test(key)) ? entries.map(([, item]) => item) : undefined
}
