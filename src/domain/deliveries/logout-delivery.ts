import { serverActor } from '../audit/actor.ts'
import { newEvent } from '../audit/new-event.ts'
import type { Parts } from '../parts.ts'
import { signLogoutToken } from '../tokens/logout-token.ts'
import type { Sendable } from './deliver-due.ts'

export type DeliveryNeeds = Pick<Parts, 'config' | 'clock' | 'log' | 'store' | 'keys' | 'subjects' | 'outbound'>

/** Only the status of the answer is used. */
const MAX_ANSWER_BYTES = 1024

/** The `sid` that the app received for the session, and its staff membership. The store queues it (`session-apps.ts`). */
interface LogoutPayload {
  sid: string
  appUid: string
  staffUid: string
}

/**
 * Sends a logout token to an app whose person has signed out (OpenID Connect Back-Channel Logout §2.5). Each try signs a new one. Undefined when
 * the app has ended or has no `backchannelLogoutUri` any more.
 */
export async function openLogoutDelivery(payload: string, parts: DeliveryNeeds): Promise<Sendable | undefined> {
  const { store, keys, config, clock, subjects, outbound } = parts
  const { sid, appUid, staffUid } = JSON.parse(payload) as LogoutPayload
  const app = await store.apps.findLive(appUid)
  const uri = app?.protocol.backchannelLogoutUri
  if (!app || uri === undefined) return undefined
  return {
    host: URL.parse(uri)?.host ?? '',
    about: { app: appUid },
    async send() {
      const token = await signLogoutToken(keys, {
        issuer: config.issuer,
        clientId: app.clientId,
        protocol: app.protocol,
        subject: subjects.of(app, staffUid),
        sid,
        now: clock.now(),
      })
      const headers = { 'content-type': 'application/x-www-form-urlencoded' }
      const body = `logout_token=${token}`
      return (await outbound.post(uri, body, headers, { most: MAX_ANSWER_BYTES })).status
    },
    endEvent: (isDelivered, details) =>
      newEvent(isDelivered ? 'logout-token.delivered' : 'logout-token.failed', clock.now(), serverActor, {
        appUid,
        directoryUid: app.directoryUid,
        subject: staffUid,
        details,
      }),
  }
}
