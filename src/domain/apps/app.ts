import { digest } from '../../kit/digest.ts'
import { newSecret, newUid } from '../../kit/id.ts'
import type { App } from '../../store/nouns/apps.ts'
import { type Actor, mayReach } from '../audit/actor.ts'
import { newEvent } from '../audit/events.ts'
import type { Parts } from '../parts.ts'
import { type AppDraft, type ReadDraft, readDraft } from './app-draft.ts'
import { hasSecrets, makeSecret } from './app-secrets.ts'
import { applyDraft, NO_SETTINGS } from './apply-draft.ts'
import { addUnder, addUnderDerived, isCodeName } from './code-name.ts'
import { asksAgain, differences } from './differences.ts'
import { refusal, refuse } from './refusals.ts'
import { checkSectorDocument } from './sector-document.ts'
import { SETTINGS } from './settings.ts'

/**
 * Registers an app. The secret is in this answer and nowhere else; it is null for an app that has none. Throws a Refusal that names the
 * setting when something is not right.
 */
export async function registerApp(
  draft: AppDraft,
  by: Actor,
  parts: Parts,
): Promise<{ app: App; secret: string | null }> {
  const { store, clock, config, scopes } = parts
  checkNothingOfOurs(draft)
  const given = readDraft(draft, { env: config.env, by: 'others' })
  const name = given.name ?? given.codeName
  if (!name) throw refusal('setting.missing', { field: 'name' })
  if (!given.redirectUri && !given.redirectUris) throw refusal('setting.missing', { field: 'redirectUri' })
  const now = clock.now()
  const isPublic = readPublic(given) ?? false
  const app: Omit<App, 'codeName'> = {
    uid: newUid(),
    clientId: newSecret(),
    directoryUid: await ownerFor(given, by, parts),
    public: isPublic,
    origin: 'platform',
    ...applyDraft(
      { ...given, name },
      { ...NO_SETTINGS, public: isPublic },
      { isPlatform: by.directoryUid === null, scopes },
    ),
    createdAt: now,
    endedAt: null,
  }
  await checkSector(app, undefined, parts)
  const made = hasSecrets(app) ? makeSecret(app, 'first', null, parts) : undefined
  const add = async (codeName: string): Promise<App> => {
    const whole: App = { ...app, codeName }
    const details = { codeName, name: app.name, trusted: app.trusted, public: app.public, scopes: app.scopes }
    await store.apps.add(whole, made?.row, eventOf('app.created', whole, by, now, details))
    return whole
  }
  const added = given.codeName ? addUnder(given.codeName, add) : addUnderDerived(app.name, parts, add)
  return { app: await added, secret: made?.secret ?? null }
}

/** The live app of a code name. Undefined for an app out of the actor's reach. */
export async function findLiveApp(
  codeName: string,
  by: Actor,
  { store }: Pick<Parts, 'store'>,
): Promise<App | undefined> {
  const app = isCodeName(codeName) ? await store.apps.findLiveByCodeName(codeName) : undefined
  return app && mayReach(by, app) ? app : undefined
}

/** Changes what the draft names, all of it or nothing. Undefined when the actor reaches no such app. */
export async function changeApp(codeName: string, draft: AppDraft, by: Actor, parts: Parts): Promise<App | undefined> {
  const { store, clock, config, scopes } = parts
  const change = readDraft(draft, { env: config.env, by: 'others' })
  const isPlatform = by.directoryUid === null
  for (let tries = 0; tries < 10; tries++) {
    const was = await findLiveApp(codeName, by, parts)
    if (!was) return undefined
    await checkFixed(change, was, parts)
    checkSelfMade(change, was)
    if (!isPlatform && (change.trusted ?? was.trusted) !== was.trusted) refuse('trusted.platform-only')
    const app: App = { ...was, ...applyDraft(change, was, { isPlatform, scopes }) }
    const changed = differences(was, app)
    if (changed.length === 0) return was
    await checkSector(app, was, parts)
    const details = { changed, ...(app.trusted === was.trusted ? {} : { trusted: app.trusted }) }
    const event = eventOf('app.changed', app, by, clock.now(), details)
    // Written only over what was read: otherwise a redirect URI, or trust, that is taken away this instant would come back.
    if (await store.apps.change(app, event, was, asksAgain(was, app))) return app
  }
  throw refusal('app.changed-meanwhile')
}

/** Fetches the document of a sector when it is set, and when the app wants to be reached elsewhere. */
async function checkSector(
  { protocol, redirectUris }: Pick<App, 'protocol' | 'redirectUris'>,
  was: App | undefined,
  { outbound }: Parts,
): Promise<void> {
  const uri = protocol.sectorIdentifierUri
  if (uri === undefined) return
  const isNew =
    uri !== was?.protocol.sectorIdentifierUri || redirectUris.some((each) => !was.redirectUris.includes(each))
  if (isNew) await checkSectorDocument(uri, redirectUris, outbound)
}

/** An app that registered itself is unverified, so it is never trusted. An app that a document describes is changed in the document. */
function checkSelfMade(change: ReadDraft, { origin }: App): void {
  if (origin === 'document') refuse('app.described-by-document')
  if (origin === 'registered' && change.trusted === true) refuse('trusted.self-registered')
}

/** Refuses a draft that sets what the server chooses. */
function checkNothingOfOurs(draft: AppDraft): void {
  for (const [field, { setBy }] of SETTINGS) {
    const value = draft[field] ?? ''
    if (setBy.length === 0 && value !== '') refuse('setting.chosen-by-server', { field })
  }
}

/** Refuses to change what is fixed. Sending the current value is allowed. */
async function checkFixed(change: ReadDraft, app: App, { store, clock }: Parts): Promise<void> {
  const { codeName, uid, clientId, secret, directoryUid } = change
  const given = { codeName, uid, clientId, public: readPublic(change), directoryUid }
  for (const [field, value] of Object.entries(given))
    if (value !== undefined && value !== app[field as keyof typeof given]) refuse('setting.fixed', { field })
  if (!secret) return
  const found = await store.apps.authenticate(app.clientId, digest(secret), clock.now())
  if (!found?.isSecretRight) refuse('setting.fixed', { field: 'secret' })
}

/** Whether the app is to be public, said by itself or by its way to authenticate, or by both alike. */
function readPublic({ authMethod, public: isPublic }: ReadDraft): boolean | undefined {
  if (!authMethod) return isPublic ?? undefined
  if (typeof isPublic === 'boolean' && isPublic !== (authMethod === 'none'))
    refuse('public.contradicted', { method: authMethod, public: String(isPublic) })
  return authMethod === 'none'
}

/** The directory that will own the app. A directory registers for itself alone, and learns nothing of others. */
async function ownerFor({ directoryUid }: ReadDraft, by: Actor, { store }: Parts): Promise<string | null> {
  if (by.directoryUid !== null) {
    if (by.directoryUid === undefined || (directoryUid ?? by.directoryUid) !== by.directoryUid)
      refuse('directory.foreign')
    return by.directoryUid
  }
  if (!directoryUid) return null
  const directory = await store.directories.find(directoryUid)
  return directory?.endedAt === null ? directory.uid : refuse('directory.unknown')
}

function eventOf(
  type: 'app.created' | 'app.changed',
  app: App,
  by: Actor,
  at: number,
  details: Record<string, string | boolean | readonly string[]>,
) {
  return newEvent(type, at, by, { directoryUid: app.directoryUid, appUid: app.uid, details })
}
