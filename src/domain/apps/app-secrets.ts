import { digest } from '../../kit/digest.ts'
import { newSecret, newUid } from '../../kit/id.ts'
import type { Seal } from '../../kit/seal.ts'
import type { AppSecret, LiveSecret } from '../../store/nouns/app-secrets.ts'
import type { App } from '../../store/nouns/apps.ts'
import type { Store } from '../../store/store.ts'
import { type Actor, mayReach } from '../audit/actor.ts'
import { newEvent } from '../audit/events.ts'
import { readName } from '../businesses/name.ts'
import type { Ended, Parts } from '../parts.ts'
import { refuse } from './refusals.ts'

/** How many secrets an app may have at a time: enough to replace one in every place, and few enough to be looked through. */
export const MOST_SECRETS = 10
const LIFETIMES = { least: 60, most: 631_152_000 }
const PURPOSE = 'app secret'

/** Whether an app of these settings proves itself by a secret at all. */
export function hasSecrets({ public: isPublic, protocol }: Pick<App, 'public' | 'protocol'>): boolean {
  return !isPublic && protocol.authMethod !== 'private_key_jwt'
}

/** A new secret, and what is kept of it. */
export function makeSecret(
  app: Pick<App, 'uid' | 'protocol'>,
  name: string,
  lifetime: number | null,
  { clock, seal }: Pick<Parts, 'clock' | 'seal'>,
): { secret: string; row: AppSecret } {
  const secret = newSecret()
  const createdAt = clock.now()
  const row: AppSecret = {
    uid: newUid(),
    appUid: app.uid,
    digest: digest(secret),
    name,
    createdAt,
    expiresAt: lifetime === null ? null : createdAt + lifetime,
    // Whoever signs with a secret never shows it, so it has to be known here; of all others the digest will do.
    sealed: app.protocol.authMethod === 'client_secret_jwt' ? seal.close(PURPOSE, secret) : null,
  }
  return { secret, row }
}

/** The secret itself, of those few that are kept so. */
export function openSecret({ sealed }: LiveSecret, { seal }: Pick<Parts, 'seal'>): string | undefined {
  return sealed === null ? undefined : seal.open(PURPOSE, sealed)
}

/** Seals anew what was sealed under an older secret of the server, so that the older one can be forgotten. */
export async function resealSecrets({ appSecrets }: Pick<Store, 'appSecrets'>, seal: Seal): Promise<void> {
  for (const { uid, sealed } of await appSecrets.listSealed()) {
    if (!seal.isStale(PURPOSE, sealed)) continue
    const secret = seal.open(PURPOSE, sealed)
    if (secret !== undefined) await appSecrets.reseal(uid, sealed, seal.close(PURPOSE, secret))
  }
}

/** Gives an app one more secret. It is in this answer and nowhere else. Refuses a field that is not right by its name. */
export async function addSecret(
  app: App,
  asked: { name?: string | undefined; expiresIn?: number | undefined },
  by: Actor,
  parts: Parts,
): Promise<{ secret: string; row: AppSecret }> {
  if (app.public) refuse('secret.public-app')
  if (!hasSecrets(app)) refuse('secret.private-keys')
  if (asked.name === undefined) refuse('setting.missing', { field: 'name' })
  const name = readName(asked.name, 'name')
  const lifetime = asked.expiresIn ?? null
  if (lifetime !== null) checkLifetime(lifetime)
  const { secret, row } = makeSecret(app, name, lifetime, parts)
  const details = { name, ...(row.expiresAt === null ? {} : { expiresAt: row.expiresAt }) }
  const fields = { directoryUid: app.directoryUid, appUid: app.uid, subject: row.uid, details }
  const event = newEvent('app-secret.created', row.createdAt, by, fields)
  if (!(await parts.store.appSecrets.add(row, MOST_SECRETS, event))) {
    refuse('secret.too-many', { most: MOST_SECRETS })
  }
  return { secret, row }
}

/** Ends a secret: it proves nothing any more. Undefined when the actor reaches no such live secret, or it is not of the app that is given. */
export async function endSecret(
  uid: string,
  of: App | undefined,
  by: Actor,
  { store, clock }: Pick<Parts, 'store' | 'clock'>,
): Promise<Ended<LiveSecret & { app: App | undefined }> | undefined> {
  const at = clock.now()
  const found = await store.appSecrets.findLive(uid, at)
  if (!found || (of && of.uid !== found.appUid)) return undefined
  const app = of ?? (await store.apps.findLive(found.appUid))
  const directoryUid = app?.directoryUid ?? null
  if (!mayReach(by, { directoryUid })) return undefined
  const fields = { directoryUid, appUid: found.appUid, subject: uid, details: { name: found.name } }
  const isEnded = await store.appSecrets.end(uid, at, newEvent('app-secret.ended', at, by, fields))
  return isEnded ? { ...found, app, endedAt: at } : undefined
}

function checkLifetime(lifetime: number): void {
  if (Number.isInteger(lifetime) && lifetime >= LIFETIMES.least && lifetime <= LIFETIMES.most) return
  refuse('secret.lifetime', LIFETIMES)
}
