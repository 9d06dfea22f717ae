import { digest } from '../../kit/digest.ts'
import { newSecret, newUid } from '../../kit/id.ts'
import type { App } from '../../store/nouns/apps.ts'
import { type Actor, mayReach } from '../audit/actor.ts'
import { newEvent } from '../audit/new-event.ts'
import { checkDirectory } from '../businesses/check-directory.ts'
import type { Ended, Parts } from '../parts.ts'
import { type AppDraft, type ReadDraft, readDraft } from './app-draft.ts'
import { hasSecrets, makeAppSecret } from './app-secrets.ts'
import { applyDraft, NO_SETTINGS } from './apply-draft.ts'
import { DOCUMENT_METHODS } from './client-document.ts'
import { addUnder, addUnderDerived, isCodeName } from './code-name.ts'
import { asksAgain, differences, isSame } from './differences.ts'
import { findLeftBusinesses } from './left-businesses.ts'
import { withLocks } from './locks.ts'
import { refusal, refuse } from './refusals.ts'
import { checkSector } from './sector.ts'
import { SETTINGS } from './settings.ts'
import { FOUNDING, settingsOfProfile } from './settings-of-profile.ts'
import { settingOf } from './wire.ts'

/** Registers an app. Returns its secret this one time; null for an app without one. Throws a Refusal that names the setting. */
export async function registerApp(
  draft: AppDraft,
  by: Actor,
  parts: Parts,
): Promise<{ app: App; secret: string | null }> {
  const { store, clock, config, scopes } = parts
  checkChosenByServer(draft)
  const sent = readDraft(draft, { config, by: 'others' })
  const given = { ...settingsOfProfile(sent.profile ?? undefined), ...sent }
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
  checkSetBy(given, { ...app, ...NO_SETTINGS, codeName: '' }, by)
  // Refuses locks: an app of the platform cannot change its own settings, so it needs none.
  withLocks(given, app)
  await checkBusiness(app, undefined, parts)
  await checkSector(app, undefined, parts.outbound)
  const made = hasSecrets(app) ? makeAppSecret(app, 'first', null, parts) : undefined
  const add = async (codeName: string): Promise<App> => {
    const whole: App = { ...app, codeName }
    const details = { codeName, name: app.name, trusted: app.trusted, public: app.public, scopes: app.scopes }
    await store.apps.add(whole, made?.row, newEvent('app.created', now, by, ofApp(whole, details)))
    return whole
  }
  const added = given.codeName ? addUnder(given.codeName, add) : addUnderDerived(app.name, parts, add)
  return { app: await added, secret: made?.secret ?? null }
}

/** Returns the live app of a code name; undefined for an app out of the actor's reach. */
export async function findLiveApp(codeName: string, by: Actor, { store }: Parts): Promise<App | undefined> {
  const app = isCodeName(codeName) ? await store.apps.findLiveByCodeName(codeName) : undefined
  return app && mayReach(by, app) ? app : undefined
}

/** Changes every setting that the draft names, or none. Returns undefined when no such live app is in the actor's reach. */
export async function changeApp(codeName: string, draft: AppDraft, by: Actor, parts: Parts): Promise<App | undefined> {
  const { store, clock, config, scopes } = parts
  const { profile, ...change }: ReadDraft = readDraft(draft, { config, by: 'others' })
  const isPlatform = by.directoryUid === null
  // A directory may repeat what it registered, but only the platform grants trust or takes it back.
  for (const [name, { changedBy }] of SETTINGS)
    if (!isPlatform && changedBy?.includes('partner') === false) delete change[name as keyof typeof change]
  for (let tries = 0; tries < 10; tries++) {
    const was = await findLiveApp(codeName, by, parts)
    if (!was) return undefined
    await checkFixed({ ...change, profile }, was, parts)
    checkOrigin(change, was)
    checkSetBy(change, was, by)
    const app: App = { ...was, ...applyDraft(withLocks(change, was), was, { isPlatform, scopes }) }
    const changed = differences(was, app)
    if (changed.length === 0) return was
    await checkBusiness(app, was, parts)
    await checkSector(app, was, parts.outbound)
    const details = { changed, ...(app.trusted === was.trusted ? {} : { trusted: app.trusted }) }
    const event = newEvent('app.changed', clock.now(), by, ofApp(app, details))
    const left = await findLeftBusinesses(app, was, by, parts)
    // Written only over what was read: otherwise a redirect URI, or trust, that was just removed would come back.
    if (await store.apps.change(app, event, was, asksAgain(was, app), left)) return app
  }
  throw refusal('app.changed-meanwhile')
}

/**
 * Ends an app permanently, with every token that it has. An app may end itself (RFC 7592 §2.3). Returns undefined when no such live app is in
 * the actor's reach.
 */
export async function endApp(app: App, by: Actor, { store, clock }: Parts): Promise<Ended<App> | undefined> {
  const { directoryUid, uid } = app
  if (!mayReach(by, { directoryUid, appUid: uid })) return undefined
  const at = clock.now()
  const event = newEvent('app.ended', at, by, { directoryUid, appUid: uid, subject: uid })
  return (await store.apps.end(uid, at, event)) ? { ...app, endedAt: at } : undefined
}

/** Refuses what an app's origin forbids: trust in an app that introduced itself, and a secret for one that has a public document. */
function checkOrigin({ trusted, authMethod }: ReadDraft, { origin }: App): void {
  if (origin !== 'platform' && trusted === true) refuse('trusted.self-registered')
  if (origin === 'document' && authMethod && !DOCUMENT_METHODS.some((each) => each === authMethod))
    refuse('auth-method.not-here', { methods: DOCUMENT_METHODS.join(' or ') })
}

/** Refuses a draft that sets what the server chooses. */
function checkChosenByServer(draft: AppDraft): void {
  for (const [field, { setBy }] of SETTINGS) {
    const value = draft[field] ?? ''
    if (setBy.length === 0 && value !== '') refuse('setting.chosen-by-server', { field })
  }
}

/** Refuses what only the platform may set in the draft of a partner. The current value may be sent. */
function checkSetBy(draft: ReadDraft, was: App, by: Actor): void {
  for (const [field, row] of by.directoryUid === null ? [] : SETTINGS) {
    const isClosed = row.setBy.includes('platform') && !row.setBy.includes('partner')
    if (isClosed && draft[field] !== undefined && !isSame(draft[field], settingOf(was, field, row) ?? null))
      refuse('setting.platform-only', { field })
  }
}

/** Refuses to change a fixed setting. The current value may be sent. */
async function checkFixed(change: ReadDraft, app: App, { store, clock }: Parts): Promise<void> {
  const { codeName, uid, clientId, secret, directoryUid } = change
  const given = { codeName, uid, clientId, public: readPublic(change), directoryUid, profile: change.profile }
  const current = { ...app, profile: app.protocol.profile ?? FOUNDING }
  for (const [field, value] of Object.entries(given))
    if (value !== undefined && value !== current[field as keyof typeof given]) refuse('setting.fixed', { field })
  if (!secret) return
  const found = await store.apps.authenticate(app.clientId, digest(secret), clock.now())
  if (!found?.isSecretRight) refuse('setting.fixed', { field: 'secret' })
}

/** Returns whether the app is to be public, by that setting or by its authentication method. Both must agree. */
function readPublic({ authMethod, public: isPublic }: ReadDraft): boolean | undefined {
  if (!authMethod) return isPublic ?? undefined
  if (typeof isPublic === 'boolean' && isPublic !== (authMethod === 'none'))
    refuse('public.contradicted', { method: authMethod, public: String(isPublic) })
  return authMethod === 'none'
}

/** Returns the directory that will own the app. A directory can own only its own apps, and must not learn which others exist. */
async function ownerFor({ directoryUid }: ReadDraft, by: Actor, parts: Parts): Promise<string | null> {
  if (by.directoryUid !== null) {
    if (by.directoryUid === undefined || (directoryUid ?? by.directoryUid) !== by.directoryUid)
      refuse('directory.foreign')
    return by.directoryUid
  }
  if (!directoryUid) return null
  await checkDirectory(directoryUid, parts)
  return directoryUid
}

/** Refuses a new business that has ended, or that the app could not act for. The message does not reveal which businesses exist. */
async function checkBusiness(
  { businessUid, directoryUid }: Pick<App, 'businessUid' | 'directoryUid'>,
  was: App | undefined,
  { store }: Pick<Parts, 'store'>,
): Promise<void> {
  if (businessUid === null || businessUid === was?.businessUid) return
  const business = await store.businesses.find(businessUid)
  if (business?.endedAt !== null || (directoryUid !== null && business.directoryUid !== directoryUid))
    refuse('business.not-for-app')
}

/** Returns the fields of an event about an app. */
export function ofApp<Details>({ directoryUid, uid }: App, details: Details) {
  return { directoryUid, appUid: uid, details }
}
