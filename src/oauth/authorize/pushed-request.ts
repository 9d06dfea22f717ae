import { type AuthorizationRequest, queryOf } from '../../domain/requests/authorization-request.ts'
import { visitorKey } from '../../http/address.ts'
import type { Incoming } from '../../http/incoming.ts'
import type { Params } from '../../http/params.ts'
import { tokenDigest } from '../../kit/digest.ts'
import { isToken, newToken } from '../../kit/id.ts'
import type { Site } from '../../site.ts'
import type { App } from '../../store/nouns/apps.ts'
import { refuse } from '../errors/refusals.ts'

/** The prefix of our request_uri (RFC 9126 §2.2). */
const PREFIX = 'urn:ietf:params:oauth:request_uri:'

/** Seconds from the push until the browser has to bring the request_uri. */
export const PUSHED_LIFETIME = 90

/** The largest request that is stored, in bytes: a little less than what may wait for a person later. */
const LARGEST_BYTES = 12_200

/** A pushed request as it is stored. The hint is compared when the browser comes. */
interface StoredPush {
  request: AuthorizationRequest
  /** The id_token_hint, sealed, because it holds personal data. */
  hint?: string
}

/** Stores a pushed request and returns its request_uri, which is unguessable and stored as a digest only. */
export async function storePushed(
  request: AuthorizationRequest,
  hint: string | undefined,
  app: App,
  { store, seal, clock }: Site,
): Promise<string> {
  const kept: StoredPush = { request, ...(hint === undefined ? {} : { hint: seal.close('pushed hint', hint) }) }
  const text = JSON.stringify(kept)
  if (Buffer.byteLength(text) > LARGEST_BYTES) refuse('request.too-long', { most: LARGEST_BYTES })
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
 * The pushed request that a browser brings (RFC 9126 §4), or undefined. Of the other parameters only client_id counts. The request_uri can
 * be used until it expires or is answered, because people reload pages and browsers prefetch them.
 */
export async function findPushed(
  params: Params,
  { store, seal, clock }: Site,
): Promise<{ app: App; request: AuthorizationRequest; hint: string | undefined } | undefined> {
  const token = readToken(params)
  if (token === undefined) return undefined
  const clientId = params.need('client_id')
  const digest = tokenDigest(token)
  const row = isToken(token) ? await store.pushedRequests.find(digest) : undefined
  const app = row && (await store.apps.findLive(row.appUid))
  if (!row || app?.clientId !== clientId) return refuse('pushed-request.unknown')
  if (row.usedAt !== null) return refuse('pushed-request.answered')
  if (row.expiresAt <= clock.now()) return refuse('pushed-request.expired', { seconds: PUSHED_LIFETIME })
  const { request, hint } = JSON.parse(row.request) as StoredPush
  return {
    app,
    request: { ...request, pushed: digest },
    hint: hint === undefined ? undefined : (seal.open('pushed hint', hint) ?? ''),
  }
}

/**
 * The query of the authorization URL that repeats an answered request in the same browser. A pushed request is stored again under a new
 * request_uri, so that its parameters stay out of the browser.
 */
export async function queryToRepeat(request: AuthorizationRequest, incoming: Incoming, site: Site): Promise<string> {
  const app = request.pushed === null ? undefined : await site.store.apps.findLiveByClientId(request.clientId)
  if (!app) return queryOf(request)
  await site.limits.check('authorization-requests', visitorKey(incoming.address))
  const name = await storePushed({ ...request, pushed: null }, undefined, app, site)
  return new URLSearchParams({ client_id: app.clientId, request_uri: name }).toString()
}

/** The token in our request_uri. One of another kind, or two of them, are refused later, as any other parameter. */
function readToken(params: Params): string | undefined {
  const [name, ...more] = params.all('request_uri')
  return name?.startsWith(PREFIX) && more.length === 0 ? name.slice(PREFIX.length) : undefined
}
