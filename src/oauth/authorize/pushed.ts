import { type AuthorizationRequest, queryOf } from '../../domain/requests/authorization-request.ts'
import { visitorKey } from '../../http/address.ts'
import type { Incoming } from '../../http/incoming.ts'
import type { Params } from '../../http/params.ts'
import { tokenDigest } from '../../kit/digest.ts'
import { isToken, newToken } from '../../kit/id.ts'
import type { Site } from '../../site.ts'
import type { App } from '../../store/nouns/apps.ts'
import { refuse } from '../errors/error.ts'

/** What a request_uri of ours begins with (RFC 9126 §2.2). */
const PREFIX = 'urn:ietf:params:oauth:request_uri:'

/** Seconds from the push until a browser has to come with it. */
export const PUSHED_LIFETIME = 90

/** The largest request that is kept, in bytes: a little less than what may wait for a person later. */
const LARGEST_KEPT = 12_200

/** A request that an app pushed, as it is kept. Who the person should be is compared when the browser comes. */
interface Kept {
  request: AuthorizationRequest
  /** The id_token_hint, sealed: it is nobody's business at rest. */
  hint?: string
}

/** Keeps a pushed request and names it. Nobody can guess the name, and only its digest is kept. */
export async function keepPushed(
  request: AuthorizationRequest,
  hint: string | undefined,
  app: App,
  { store, seal, clock }: Site,
): Promise<string> {
  const kept: Kept = { request, ...(hint === undefined ? {} : { hint: seal.close('pushed hint', hint) }) }
  const text = JSON.stringify(kept)
  if (Buffer.byteLength(text) > LARGEST_KEPT)
    refuse('invalid_request', `The parameters are together longer than ${LARGEST_KEPT} bytes.`)
  const now = clock.now()
  const token = newToken(now)
  await store.pushedRequests.add({
    digest: tokenDigest(token),
    appUid: app.uid,
    request: text,
    createdAt: now,
    expiresAt: now + PUSHED_LIFETIME,
  })
  return PREFIX + token
}

/**
 * The pushed request that a browser comes with (RFC 9126 §4); undefined when it comes with none. Only client_id is looked at beside it.
 * Within its time it may come again and again, because people reload and programs look ahead; it is spent by the answer.
 */
export async function findPushed(
  params: Params,
  { store, seal, clock }: Site,
): Promise<{ app: App; request: AuthorizationRequest; hint: string | undefined } | undefined> {
  const token = pushedName(params)
  if (token === undefined) return undefined
  const clientId = params.need('client_id')
  const digest = tokenDigest(token)
  const row = isToken(token) ? await store.pushedRequests.find(digest) : undefined
  const app = row && (await store.apps.findLive(row.appUid))
  if (!row || app?.clientId !== clientId) return no('No app with this client_id has pushed this request_uri')
  if (row.usedAt !== null) return no('The request behind this request_uri was answered already')
  if (row.expiresAt <= clock.now()) return no(`The request_uri was pushed more than ${PUSHED_LIFETIME} seconds ago`)
  const { request, hint } = JSON.parse(row.request) as Kept
  return {
    app,
    request: { ...request, pushed: digest },
    hint: hint === undefined ? undefined : (seal.open('pushed hint', hint) ?? ''),
  }
}

/**
 * The authorization URL's query for a request that was answered, to begin it anew in the same browser. A pushed one is kept once more under
 * another name, so that nothing of it travels through the browser this time either.
 */
export async function queryAgain(request: AuthorizationRequest, incoming: Incoming, site: Site): Promise<string> {
  const app = request.pushed === null ? undefined : await site.store.apps.findLiveByClientId(request.clientId)
  if (!app) return queryOf(request)
  await site.limits.check('authorization-requests', visitorKey(incoming.address))
  const name = await keepPushed({ ...request, pushed: null }, undefined, app, site)
  return new URLSearchParams({ client_id: app.clientId, request_uri: name }).toString()
}

/** Whether an app has to push what it asks for. */
export function mustPush(app: App, { config }: Site): boolean {
  return config.requirePar || app.protocol.requirePushedRequests === true
}

/** What stands behind our prefix. A request_uri of another kind, or two of them, are told off like any other parameter. */
function pushedName(params: Params): string | undefined {
  const [name, ...more] = params.all('request_uri')
  return name?.startsWith(PREFIX) && more.length === 0 ? name.slice(PREFIX.length) : undefined
}

function no(why: string): never {
  return refuse('invalid_request_uri', `${why}. Push the request again, and send the browser at once.`, {
    field: 'request_uri',
    check: 'pushed-request',
  })
}
