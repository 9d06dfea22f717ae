import { z } from 'zod'
import { ONE_FACTOR, TWO_FACTOR } from '../../domain/people/session.ts'
import type { AuthorizationRequest, Prompt } from '../../domain/requests/authorization-request.ts'
import { type Params, printable } from '../../http/params.ts'
import { readRequestedScopes } from '../checks/requested-scopes.ts'
import { refuse } from '../errors/refusals.ts'

/** The endpoints that read authorization requests: from a browser, or pushed by the app (RFC 9126). */
export type RequestEndpoint = 'authorize' | 'par'

/** A parameter of an authorization request. Checks that need several parameters come later. */
interface Parameter<T> {
  readonly at: readonly RequestEndpoint[]
  /** In characters. */
  readonly maxLength?: number
  read(text: string | undefined): T
}

export type ResponseMode = AuthorizationRequest['responseMode']

/** OAuth 2.0 Multiple Response Types §2.1, OAuth 2.0 Form Post Response Mode §2. */
export const RESPONSE_MODES: readonly ResponseMode[] = ['query', 'fragment', 'form_post']
export const PROMPTS = ['none', 'login', 'consent', 'select_account'] as const satisfies Prompt[]
const Prompts = z.array(z.enum(PROMPTS))
/** Our pages suit all of them (OpenID Connect Core §3.1.2.1). */
export const DISPLAYS: readonly string[] = ['page', 'popup', 'touch', 'wap']
export const MAX_STATE_LENGTH = 8192
const MAX_TEXT_LENGTH = 1024

const BOTH = ['authorize', 'par'] as const
const asSent: Parameter<string | undefined> = { at: BOTH, read: (text) => text }
const shortText: Parameter<string | undefined> = { ...asSent, maxLength: MAX_TEXT_LENGTH }

/**
 * The parameters of an authorization request besides `client_id` and `redirect_uri`, in the order in which they are read (RFC 6749 §4.1.1,
 * OpenID Connect Core §3.1.2.1). Others are ignored.
 */
const PARAMETERS = {
  state: { ...asSent, maxLength: MAX_STATE_LENGTH },
  response_type: asSent,
  request: asSent,
  // The pushed authorization request endpoint refuses it before.
  request_uri: { ...asSent, at: ['authorize'] },
  registration: asSent,
  response_mode: { at: BOTH, read: readResponseMode },
  prompt: { at: BOTH, read: readPrompt },
  scope: { at: BOTH, read: readRequestedScopes },
  nonce: shortText,
  code_challenge: asSent,
  code_challenge_method: asSent,
  max_age: { at: BOTH, read: readMaxAge },
  login_hint: shortText,
  // The platform's own name for login_hint.
  email: shortText,
  lang: asSent,
  ui_locales: asSent,
  business_uid: shortText,
  logout: { at: BOTH, read: (text) => text === 'true' },
  // Read by readClaimsParameter, which needs the scopes.
  claims: { ...asSent, maxLength: 4096 },
  acr_values: { ...shortText, read: readAcrValues },
  // An unknown value is not an error, because it is a preference.
  display: { ...shortText, read: (text) => DISPLAYS.find((each) => each === text) },
  id_token_hint: asSent,
} satisfies Record<string, Parameter<unknown>>

/** The names of all parameters of an authorization request except `client_id`. */
export const PARAMETER_NAMES: readonly string[] = ['redirect_uri', 'resource', 'audience', ...Object.keys(PARAMETERS)]

/** The values of the parameters. Each is undefined or empty if it was not sent. */
export type Sent = { [Name in keyof typeof PARAMETERS]: ReturnType<(typeof PARAMETERS)[Name]['read']> }

/** Reads all parameters. The refusal names the first one that is wrong. */
export function readParameters(params: Params, endpoint: RequestEndpoint): Sent {
  const table: [string, Parameter<unknown>][] = Object.entries(PARAMETERS)
  const values = table.map(([name, { at, maxLength, read }]) => {
    const text = at.includes(endpoint) ? params.get(name) : undefined
    if (text !== undefined && maxLength !== undefined && text.length > maxLength)
      refuse('parameter.too-long', { parameter: name, most: maxLength })
    return [name, read(text)]
  })
  return Object.fromEntries(values)
}

export function readResponseMode(text = 'query'): ResponseMode {
  const mode = RESPONSE_MODES.find((each) => each === text)
  return mode ?? refuse('response-mode.unknown', { modes: RESPONSE_MODES.join(' or ') })
}

function readPrompt(text = ''): Prompt[] {
  const given = [...new Set(text.split(' ').filter((each) => each !== ''))]
  const { data, error } = Prompts.safeParse(given)
  const unknown = given[Number(error?.issues[0]?.path[0])] ?? ''
  if (!data) return refuse('prompt.unknown', { prompt: printable(unknown), prompts: PROMPTS.join(', ') })
  if (data.includes('none') && data.length > 1) refuse('prompt.none-and-other')
  return data
}

/** In seconds. */
function readMaxAge(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  if (!/^\d{1,10}$/.test(text)) refuse('max-age.not-a-number')
  return Number(text)
}

/** Returns the known values, the preferred one first. */
function readAcrValues(text = ''): readonly string[] {
  return text.split(' ').filter((each) => each === ONE_FACTOR || each === TWO_FACTOR)
}

/** Returns BCP 47 language tags, the preferred one first. Ignores anything else, because a language is only a preference. */
export function readLocales(lang = '', uiLocales = ''): string[] {
  return `${lang} ${uiLocales}`
    .split(' ', 20)
    .map((each) => each.replaceAll('_', '-'))
    .filter((each) => /^[A-Za-z]{2,8}(-[A-Za-z\d]{1,8}){0,4}$/.test(each))
}
