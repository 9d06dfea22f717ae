import { digest } from '../../kit/digest.ts'
import { newSecret, newUid } from '../../kit/id.ts'
import type { AppSecret, LiveSecret } from '../../store/nouns/app-secrets.ts'
import type { App } from '../../store/nouns/apps.ts'
import { type Actor, checkReach, mayReach } from '../audit/actor.ts'
import { newEvent } from '../audit/new-event.ts'
import { readName } from '../businesses/name.ts'
import type { Ended, Parts } from '../parts.ts'
import { refuse } from './refusals.ts'
import { MAX_LIFETIME } from './setting.ts'
import { readSetting, seconds } from './setting-kinds.ts'

/** Enough to replace one in several places, and few enough to check each of them at authentication. */
const MAX_SECRETS = 10
const LIFETIME = seconds(60, MAX_LIFETIME)
const PURPOSE = 'app secret'

/** Whether an app with these settings authenticates with a secret. */
export function hasSecrets({ public: isPublic, protocol }: Pick<App, 'public' | 'protocol'>): boolean {
  return !isPublic && protocol.authMethod !== 'private_key_jwt'
}

/** Returns a new secret, and the row to store for it. */
export function makeAppSecret(
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
    // An app that signs with its secret never sends it, so we need the secret itself. For all others the digest is enough.
    sealed: app.protocol.authMethod === 'client_secret_jwt' ? seal.close(PURPOSE, secret) : null,
  }
  return { secret, row }
}

/** Returns the secret itself, if it is stored sealed. */
export function openSecret({ sealed }: LiveSecret, { seal }: Pick<Parts, 'seal'>): string | undefined {
  return sealed === null ? undefined : seal.open(PURPOSE, sealed)
}

/** Seals secrets again that were sealed with an older secret of the server, so that the operator can remove the older one. */
export async function resealSecrets({ appSecrets }: Parts['store'], seal: Parts['seal']): Promise<void> {
  for (const { uid, sealed } of await appSecrets.listSealed()) {
    if (!seal.isStale(PURPOSE, sealed)) continue
    const secret = seal.open(PURPOSE, sealed)
    if (secret !== undefined) await appSecrets.reseal(uid, sealed, seal.close(PURPOSE, secret))
  }
}

/** Adds a secret to an app, and returns it this one time. Throws a Refusal that names the field. */
export async function addSecret(
  app: App,
  asked: { name?: string | undefined; expiresIn?: number | undefined },
  by: Actor,
  parts: Parts,
): Promise<{ secret: string; row: AppSecret }> {
  checkReach(by, app)
  if (app.public) refuse('secret.public-app')
  if (!hasSecrets(app)) refuse('secret.own-key')
  if (asked.name === undefined) refuse('setting.missing', { field: 'name' })
  const name = readName(asked.name, 'name')
  const lifetime = asked.expiresIn === undefined ? null : readSetting('expiresIn', LIFETIME, asked.expiresIn)
  const { secret, row } = makeAppSecret(app, name, lifetime, parts)
  const details = { name, ...(row.expiresAt === null ? {} : { expiresAt: row.expiresAt }) }
  const fields = { directoryUid: app.directoryUid, appUid: app.uid, subject: row.uid, details }
  const event = newEvent('app-secret.created', row.createdAt, by, fields)
  const isAdded = await parts.store.appSecrets.add(row, MAX_SECRETS, event)
  if (!isAdded) refuse('secret.too-many', { most: MAX_SECRETS })
  return { secret, row }
}

/** Ends a secret of the given app, or of any app. Returns undefined when no such live secret is in the actor's reach. */
export async function endSecret(
  uid: string,
  of: App | undefined,
  by: Actor,
  { store, clock }: Parts,
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
