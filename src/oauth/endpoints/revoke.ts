import { appActor } from '../../domain/audit/actor.ts'
import { type EventFields, newEvent } from '../../domain/audit/events.ts'
import type { Incoming } from '../../http/incoming.ts'
import { Malformed } from '../../http/params.ts'
import { type Answer, openJson } from '../../http/reply.ts'
import { tokenDigest } from '../../kit/digest.ts'
import type { Site } from '../../site.ts'
import type { App } from '../../store/nouns/apps.ts'
import { authenticateApp } from '../client/authenticate.ts'
import { authenticationMetadata } from '../client/methods.ts'
import type { Fragment } from '../metadata/fragment.ts'

export const revokeMetadata: Fragment = (_, at) => ({
  revocation_endpoint: at('/oauth/revoke'),
  ...authenticationMetadata('revocation'),
})

/**
 * RFC 7009 §2. An app gives a token back. One that is not there, or is another app's, gets the same answer and nothing happens to it, so
 * that nobody learns anything by asking. Only a database that does not answer is an error, because then nothing is revoked.
 */
export async function revoke(incoming: Incoming, site: Site): Promise<Answer> {
  const form = await incoming.form()
  checkPlace(incoming)
  const app = await authenticateApp(incoming, form, site)
  const digest = tokenDigest(form.need('token'))
  // The hint would save a look-up and is often wrong (RFC 7009 §2.1); read it is, because sending it twice is an error.
  form.get('token_type_hint')
  for (const end of [endRefreshToken, endAccessToken]) {
    if (await end(digest, { app, reference: incoming.reference }, site)) break
  }
  return openJson(200, {})
}

function checkPlace({ query }: Incoming): void {
  const misplaced = ['token', 'token_type_hint', 'client_id'].find((name) => query.has(name))
  if (misplaced === undefined) return
  throw new Malformed(
    `The parameter ${misplaced} is in the URL; send it in the body, where no log keeps it.`,
    misplaced,
  )
}

/** Who revokes, and in which request. */
interface Revoker {
  app: App
  reference: string
}

/** Ends a token of one kind if it is the revoker's own; whether there was a token of this kind at all. */
type End = (digest: string, by: Revoker, site: Site) => Promise<boolean>

/** Whichever of a family it is, used or not: all that came of the same approval ends with it (RFC 7009 §2.1). */
const endRefreshToken: End = async (digest, by, { store, clock }) => {
  const found = await store.refreshTokens.find(digest)
  if (!found) return false
  const now = clock.now()
  const facts = { businessUid: found.principal?.businessUid ?? null, subject: found.chainUid }
  if (found.appUid === by.app.uid)
    await store.chains.end(found.chainUid, now, 'revoked', endedBy(by, 'refresh_token', now, facts))
  return true
}

/** It ends alone: other access tokens, and the refresh token, live on. */
const endAccessToken: End = async (digest, by, { store, clock }) => {
  const now = clock.now()
  const found = await store.accessTokens.findLive(digest, now)
  if (!found) return false
  const { appUid, principal } = found.chain
  const facts = { businessUid: principal?.businessUid ?? null, subject: found.chainUid }
  if (appUid === by.app.uid) await store.accessTokens.end(digest, now, endedBy(by, 'access_token', now, facts))
  return true
}

function endedBy({ app, reference }: Revoker, kind: string, at: number, fields: EventFields) {
  return newEvent('token.ended', at, appActor(app, reference), { appUid: app.uid, ...fields, details: { kind } })
}
