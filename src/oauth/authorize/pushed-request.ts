import type { AuthorizationRequest } from '../../domain/requests/authorization-request.ts'
import type { Params } from '../../http/params.ts'
import { tokenDigest } from '../../kit/digest.ts'
import { isToken, newToken } from '../../kit/id.ts'
import type { Site } from '../../site.ts'
import type { App } from '../../store/nouns/apps.ts'
import { refuse } from '../errors/refusals.ts'

/** The prefix of our request_uri (RFC 9126 §2.2). */
const PREFIX = 'urn:ietf:params:oauth:request_uri:'

/** From the push until the browser has to come with the request_uri. */
export const PUSHED_LIFETIME_SECONDS = 90

/** A little less than the limit of a waiting request, which the request may become. */
const MAX_BYTES = 12_200

/** A stored request. The hint is compared when the browser comes. */
interface StoredPush {
  request: AuthorizationRequest
  /** The id_token_hint, sealed because it has personal data. */
  hint?: string
}

/** Stores a pushed request and returns its unguessable request_uri, of which only a digest is stored. */
export async function storePushedRequest(
  request: AuthorizationRequest,
  hint: string | undefined,
  app: App,
  { store, seal, clock }: Site,
): Promise<string> {
  const kept: StoredPush = { request, ...(hint === undefined ? {} : { hint: seal.close('pushed hint', hint) }) }
  const text = JSON.stringify(kept)
  if (Buffer.byteLength(text) > MAX_BYTES) refuse('request.too-long', { most: MAX_BYTES })
  const now = clock.now()
  const token = newToken(now)
  await store.pushedRequests.add({
    digest: tokenDigest(token),
    appUid: app.uid,
    request: text,
    createdAt: now,
    expiresAt: now + PUSHED_LIFETIME_SECONDS,
  })
  return PREFIX + token
}

/**
 * Returns the pushed request of a request_uri (RFC 9126 §4), or undefined if there is none. Of the other parameters, only client_id counts.
 * The request_uri can be used until it expires or is answered, because people reload pages and browsers prefetch them.
 */
export async function findPushedRequest(
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
  if (row.expiresAt <= clock.now()) return refuse('pushed-request.expired', { seconds: PUSHED_LIFETIME_SECONDS })
  const { request, hint } = JSON.parse(row.request) as StoredPush
  return {
    app,
    request: { ...request, pushed: digest },
    hint: hint === undefined ? undefined : (seal.open('pushed hint', hint) ?? ''),
  }
}

/** Returns the token in a request_uri of ours. A foreign one, or two of them, are refused later. */
function readToken(params: Params): string | undefined {
  const [name, ...more] = params.all('request_uri')
  return name?.startsWith(PREFIX) && more.length === 0 ? name.slice(PREFIX.length) : undefined
}
