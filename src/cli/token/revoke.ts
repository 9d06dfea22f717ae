import { operatorActor } from '../../domain/audit/actor.ts'
import type { Site } from '../../site.ts'
import { command } from '../kit/command.ts'
import { Failure } from '../kit/exit.ts'
import { withSite } from '../kit/with-site.ts'

/** What was ended: for people, and as the JSON answer has it. */
interface Ended {
  name: string
  json: Record<string, unknown>
}

export default command({
  options: {
    uid: { type: 'string', value: 'UID', sentence: 'A token for the management API, by the uid it was made with.' },
  },
  argument: { value: 'TOKEN', sentence: 'The token itself.' },
  more: [
    'Every server refuses the token from now on. Whoever checks an access token in JWT form without asking a server believes it until it',
    'expires. With a refresh token everything ends that came of the same approval, with an access token nothing but itself. To end all tokens',
    'of an app in a business there is `behalf install end`.',
  ].join('\n'),
  examples: ['token revoke --uid k3v9x0c2m5q8r1tz', 'token revoke 5f0c…'],
  async run({ uid }, around, token) {
    if ((uid === undefined) === (token === undefined)) {
      throw new Failure('usage', 'usage', 'Say which token: either the token itself or --uid UID.')
    }
    const ended = await withSite(around, async (site) => {
      const found =
        token === undefined
          ? await endPlatformToken(uid!, undefined, site)
          : ((await endPresented(token, site)) ??
            (await endAccessToken(token, site)) ??
            (await endRefreshToken(token, site)))
      if (!found) throw new Failure('missing', 'not_found', 'This token is not there, or was revoked before.')
      return found
    })
    return { text: `${ended.name} was revoked.`, json: ended.json }
  },
})

async function endPresented(token: string, site: Site): Promise<Ended | undefined> {
  const { findPlatformToken } = await import('../../domain/tokens/platform-token.ts')
  const row = await findPlatformToken(token, site)
  return row && endPlatformToken(row.uid, row.directoryUid ?? undefined, site)
}

async function endPlatformToken(uid: string, directoryUid: string | undefined, site: Site): Promise<Ended | undefined> {
  const { newEvent } = await import('../../domain/audit/events.ts')
  const at = site.clock.now()
  const event = newEvent('platform-token.ended', at, operatorActor, { subject: uid, directoryUid })
  const isEnded = await site.store.platformTokens.end({ uid }, at, event)
  return isEnded ? { name: `The token ${uid}`, json: { uid, ended_at: at } } : undefined
}

async function endAccessToken(token: string, { store, clock }: Site): Promise<Ended | undefined> {
  const [{ newEvent }, { tokenDigest }] = await Promise.all([
    import('../../domain/audit/events.ts'),
    import('../../kit/digest.ts'),
  ])
  const [at, digest] = [clock.now(), tokenDigest(token)]
  const live = await store.accessTokens.findLive(digest, at)
  if (!live) return undefined
  const { appUid, principal } = live.chain
  const business = principal && { businessUid: principal.businessUid, directoryUid: principal.directoryUid }
  const about = { appUid, ...business, subject: live.chainUid }
  if (!(await store.accessTokens.end(digest, at, newEvent('token.ended', at, operatorActor, about)))) return undefined
  if (!principal) return { name: `The token of the app ${appUid} alone`, json: { app_uid: appUid, ended_at: at } }
  return {
    name: `The access token of the app ${appUid} for "${principal.businessName}"`,
    json: { app_uid: appUid, business_uid: principal.businessUid, ended_at: at },
  }
}

/** With it, as when an app revokes it, all that came of the same approval. */
async function endRefreshToken(token: string, { store, clock }: Site): Promise<Ended | undefined> {
  const [{ newEvent }, { tokenDigest }] = await Promise.all([
    import('../../domain/audit/events.ts'),
    import('../../kit/digest.ts'),
  ])
  const [at, found] = [clock.now(), await store.refreshTokens.find(tokenDigest(token))]
  if (!found?.principal) return undefined
  const { appUid, chainUid, principal } = found
  const { businessUid, businessName, directoryUid } = principal
  const links = { appUid, businessUid, directoryUid, subject: chainUid }
  const event = newEvent('token.ended', at, operatorActor, { ...links, details: { kind: 'refresh_token' } })
  const isEnded = await store.chains.end(chainUid, at, 'revoked', event)
  return isEnded
    ? {
        name: `The refresh token of the app ${appUid} for "${businessName}", with all that came of the same approval,`,
        json: { app_uid: appUid, business_uid: businessUid, ended_at: at },
      }
    : undefined
}
