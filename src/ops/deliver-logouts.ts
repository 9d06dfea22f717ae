import { newEvent } from '../domain/audit/events.ts'
import { signLogoutToken } from '../domain/tokens/logout-token.ts'
import { OutboundFault } from '../kit/outbound-fault.ts'
import type { Site } from '../site.ts'
import type { App } from '../store/nouns/apps.ts'
import type { LogoutDelivery } from '../store/nouns/logout-deliveries.ts'

export type DeliveryNeeds = Pick<Site, 'config' | 'clock' | 'log' | 'store' | 'keys' | 'subjects' | 'outbound'>

/** Seconds until the next try, after each try: eight tries within fourteen hours. */
const PAUSES = [10, 60, 300, 900, 3600, 3 * 3600, 9 * 3600]
const MOST_TRIES = PAUSES.length + 1
/** After the last try there is none, but a server that dies in the midst of it must leave the row to another. */
const LEASE = 600
const BATCH = 50
/** Nothing in the answer is read but its status. */
const MOST_ANSWER = 1024

/**
 * Tells apps that sessions have ended (OpenID Connect Back-Channel Logout §2.5): takes on what is due, each by one server alone, and
 * posts a fresh token. How many were due. Hosts are asked side by side, and what goes to one host one by one, so that an app which does
 * not answer delays nobody but itself.
 */
export async function deliverLogouts(site: DeliveryNeeds, signal?: AbortSignal): Promise<number> {
  const due = await site.store.logoutDeliveries.due(site.clock.now(), BATCH)
  const uids = [...new Set(due.map(({ appUid }) => appUid))]
  const apps = new Map(await Promise.all(uids.map(async (uid) => [uid, await site.store.apps.find(uid)] as const)))
  const byHost = Map.groupBy(due, ({ appUid }) => hostOf(apps.get(appUid)))
  await Promise.all(
    [...byHost.values()].map(async (deliveries) => {
      let isSilent = false
      for (const delivery of deliveries) {
        if (signal?.aborted) return
        isSilent = await deliver(delivery, apps.get(delivery.appUid), isSilent, site)
      }
    }),
  )
  return due.length
}

/** One try. Whether the app's host gave no answer at all: then the others of its host count as tried, too. */
async function deliver(
  due: LogoutDelivery,
  app: App | undefined,
  isSilent: boolean,
  site: DeliveryNeeds,
): Promise<boolean> {
  const { store, clock, log } = site
  const now = clock.now()
  if (!(await store.logoutDeliveries.claim(due, now + (PAUSES[due.tries] ?? LEASE)))) return isSilent
  const delivery = { ...due, tries: due.tries + 1 }
  const uri = app?.endedAt === null ? app.protocol.backchannelLogoutUri : undefined
  // Nobody is left who wants to hear it.
  if (!app || uri === undefined) {
    await store.logoutDeliveries.end(delivery, undefined)
    return isSilent
  }
  const result = isSilent ? 'silent' : await post(delivery, app, uri, site)
  const isHeard = typeof result === 'number' && result >= 200 && result < 300
  if (isHeard || delivery.tries >= MOST_TRIES) {
    const type = isHeard ? 'logout.told' : 'logout.untold'
    const details = { tries: delivery.tries, ...(typeof result === 'number' ? { status: result } : {}) }
    const facts = {
      actor: 'server',
      appUid: app.uid,
      directoryUid: app.directoryUid,
      subject: delivery.staffUid,
      details,
    }
    await store.logoutDeliveries.end(delivery, newEvent(type, clock.now(), facts))
  }
  if (!isHeard) log.info({ app: app.uid, tries: delivery.tries, result }, 'an app could not be told of a sign-out')
  return result === 'silent'
}

async function post(
  { sid, staffUid }: LogoutDelivery,
  app: App,
  uri: string,
  { keys, config, clock, subjects, outbound, log }: DeliveryNeeds,
): Promise<number | 'silent'> {
  const token = await signLogoutToken(keys, {
    issuer: config.issuer,
    clientId: app.clientId,
    protocol: app.protocol,
    subject: subjects.of(app, staffUid),
    sid,
    now: clock.now(),
  })
  try {
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    return (await outbound.post(uri, `logout_token=${token}`, headers, { most: MOST_ANSWER })).status
  } catch (err) {
    if (!(err instanceof OutboundFault)) throw err
    log.info({ app: app.uid, err }, 'an app does not answer')
    return 'silent'
  }
}

function hostOf(app: App | undefined): string {
  return URL.parse(app?.protocol.backchannelLogoutUri ?? '')?.host ?? ''
}
