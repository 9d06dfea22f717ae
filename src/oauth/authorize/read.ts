import { RESPONSE_TYPES } from '../../domain/apps/app-protocol.ts'
import { findAppByClientId } from '../../domain/apps/described-app.ts'
import { isRegistered } from '../../domain/apps/redirect-uri.ts'
import type { AuthorizationRequest, Prompt } from '../../domain/requests/authorization-request.ts'
import { readScope, unaskedScopes } from '../../domain/tokens/scopes.ts'
import { visitorKey } from '../../http/address.ts'
import type { Incoming } from '../../http/incoming.ts'
import { type Params, printable } from '../../http/params.ts'
import { Problem } from '../../kit/refusal.ts'
import type { Site } from '../../site.ts'
import type { App } from '../../store/nouns/apps.ts'
import { mustUsePkce, readChallenge } from '../checks/pkce.ts'
import { readResources } from '../checks/resource.ts'
import { refuse } from '../errors/error.ts'
import { readClaims } from './claims-parameter.ts'
import { withoutCodes } from './recheck.ts'
import { readResponseMode } from './response-mode.ts'
import { readAcrValues, readDisplay } from './wishes.ts'

/** An app and a redirect URI that belong together: from here on errors may go back to the app. */
export interface Proven {
  app: App
  redirectUri: string
  redirectUriSent: boolean
}

/**
 * Proves client_id and redirect_uri (RFC 6749 §3.1.2.4). Whatever is wrong with them is told to the person on a page and never sent
 * anywhere, because nobody knows where it would go.
 */
export async function proveClient(params: Params, incoming: Incoming, site: Site): Promise<Proven> {
  const clientId = params.need('client_id')
  const app = await findAppByClientId(clientId, visitorKey(incoming.address), site)
  if (!app)
    throw new Problem(400, 'No app has this client_id. It may be mistyped, or the app was removed.', {
      field: 'client_id',
    })
  return proveReturn(params, app)
}

/** The same for an app that is known already. */
export function proveReturn(params: Params, app: App): Proven {
  const sent = params.get('redirect_uri')
  if (sent === undefined && app.redirectUris.length > 1) {
    throw new Problem(400, 'The redirect_uri is missing, and the app has registered several.', {
      field: 'redirect_uri',
    })
  }
  // An app that nobody on the platform's side has looked at says all that the standard wants said (OpenID Connect Core §3.1.2.1).
  if (sent === undefined && app.origin !== 'platform')
    throw new Problem(400, 'The redirect_uri is missing; apps that register themselves always send it.', {
      field: 'redirect_uri',
    })
  if (sent === undefined && app.protocol.requireExplicitRequest === true)
    throw new Problem(400, 'The redirect_uri is missing, and the app is set to send it always.', {
      field: 'redirect_uri',
    })
  const redirectUri = sent ?? app.redirectUri
  if (!isRegistered(app.redirectUris, redirectUri)) {
    throw new Problem(
      400,
      'The redirect_uri is not one that the app has registered. It must be the same, letter for letter.',
      { field: 'redirect_uri' },
    )
  }
  return { app, redirectUri, redirectUriSent: sent !== undefined }
}

export const PROMPTS: readonly string[] = ['none', 'login', 'consent', 'select_account'] satisfies Prompt[]
export const LONGEST_STATE = 8192
const LONGEST_TEXT = 1024

/** Understands the rest of the request (RFC 6749 §4.1.1, OpenID Connect Core §3.1.2.1). Parameters that we do not know are ignored. */
export async function readRequest(
  params: Params,
  { app, redirectUri, redirectUriSent }: Proven,
  site: Site,
): Promise<AuthorizationRequest> {
  const state = params.get('state') ?? null
  if (state !== null && state.length > LONGEST_STATE)
    refuse('invalid_request', `The state is longer than ${LONGEST_STATE} characters.`, { field: 'state' })
  const barred = withoutCodes(app)
  if (barred) throw barred
  checkResponse(params, app)
  if (app.protocol.requireExplicitRequest === true) checkExplicit(params)
  const responseMode = readResponseMode(params, redirectUri)
  const prompt = readPrompt(params.get('prompt'))
  const asked = params.get('scope')
  const scopes = readScopes(asked, app, site)
  // Whoever names no scope may be given an ID token, but has not shown that it knows what a nonce is for.
  const isPkceDue = mustUsePkce(app, asked === undefined ? [] : scopes)
  return {
    clientId: app.clientId,
    redirectUri,
    redirectUriSent,
    state,
    scopes,
    nonce: limited(params, 'nonce'),
    codeChallenge: readChallenge(params.get('code_challenge'), params.get('code_challenge_method'), isPkceDue),
    prompt,
    maxAge: readMaxAge(params.get('max_age')) ?? app.protocol.defaultMaxAge ?? null,
    freshLogin: prompt.includes('login') || params.get('logout') === 'true',
    loginHint: limited(params, 'login_hint') ?? limited(params, 'email'),
    locales: readLocales(params),
    businessUid: limited(params, 'business_uid'),
    hintedSubject: null,
    responseMode,
    claims: readClaims(params.get('claims'), scopes, (name) => site.scopes.mayAsk(app, name)),
    resources: await readResources(params, app, scopes, site),
    acrValues: readAcrValues(limited(params, 'acr_values')),
    display: readDisplay(limited(params, 'display')),
    pushed: null,
  }
}

/** For an app that is set to rely on no default, and to tie each answer to a browser. A missing scope has an error of its own (RFC 6749 §3.3). */
function checkExplicit(params: Params): void {
  params.need('state')
  if (params.get('scope') === undefined)
    refuse('invalid_scope', 'The parameter scope is missing, and this app is set to send it always.', {
      field: 'scope',
    })
}

function checkResponse(params: Params, { origin, protocol }: App): void {
  // Only apps of the platform's own kind may leave it out; the standard wants it said (RFC 6749 §3.1.1).
  const mayOmit = origin === 'platform' && protocol.requireExplicitRequest !== true
  const type = mayOmit ? (params.get('response_type') ?? 'code') : params.need('response_type')
  if (!RESPONSE_TYPES.includes(type))
    refuse(
      'unsupported_response_type',
      `The response_type must be ${RESPONSE_TYPES.join(' or ')}; tokens are never sent through a browser.`,
      { field: 'response_type' },
    )
  if (params.get('request') !== undefined)
    refuse('request_not_supported', 'Request objects are not supported; send the parameters themselves.', {
      field: 'request',
    })
  if (params.get('request_uri') !== undefined)
    refuse(
      'request_uri_not_supported',
      'A request_uri is taken only as the pushed authorization request endpoint gave it.',
      {
        field: 'request_uri',
      },
    )
  // The platform's apps have a parameter of this name for something else (registration=true), which changes nothing here.
  if (/^\s*\{/.test(params.get('registration') ?? ''))
    refuse(
      'registration_not_supported',
      'An app cannot describe itself in a request; register it, or send the URL of a metadata document as client_id.',
      { field: 'registration' },
    )
}

function readPrompt(text: string | undefined): Prompt[] {
  const prompt = [...new Set(text?.split(' ').filter((each) => each !== '') ?? [])]
  const unknown = prompt.find((each) => !PROMPTS.includes(each))
  if (unknown !== undefined)
    refuse('invalid_request', `The prompt ${printable(unknown)} does not exist; there are ${PROMPTS.join(', ')}.`, {
      field: 'prompt',
    })
  if (prompt.includes('none') && prompt.length > 1)
    refuse('invalid_request', 'The prompt none cannot stand beside another.', { field: 'prompt' })
  return prompt as Prompt[]
}

function readMaxAge(text: string | undefined): number | null {
  if (text === undefined) return null
  if (!/^\d{1,10}$/.test(text))
    refuse('invalid_request', 'The max_age must be a whole number of seconds.', { field: 'max_age' })
  return Number(text)
}

function readScopes(text: string | undefined, app: App, site: Site): readonly string[] {
  if (text === undefined) return unaskedScopes(app)
  const scopes = readScope(text)
  if (!scopes) refuse('invalid_scope', 'The scope must be names separated by single spaces.', { field: 'scope' })
  const foreign = site.scopes.findForbidden(app, scopes)
  if (foreign !== undefined) {
    const why = site.scopes.has(foreign) ? 'is not registered for this app' : 'does not exist'
    refuse('invalid_scope', `The scope ${printable(foreign)} ${why}.`, { field: 'scope' })
  }
  return scopes
}

/** BCP 47 tags, the best first; what is no tag is dropped, because a language is a wish and never an error. */
export function readLocales(params: Params): string[] {
  const wishes = `${params.get('lang') ?? ''} ${params.get('ui_locales') ?? ''}`.split(' ', 20)
  return wishes
    .map((each) => each.replaceAll('_', '-'))
    .filter((each) => /^[A-Za-z]{2,8}(-[A-Za-z\d]{1,8}){0,4}$/.test(each))
}

function limited(params: Params, name: string): string | null {
  const value = params.get(name) ?? null
  if (value !== null && value.length > LONGEST_TEXT)
    refuse('invalid_request', `The ${name} is longer than ${LONGEST_TEXT} characters.`, { field: name })
  return value
}
