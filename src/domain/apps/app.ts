import { digest } from '../../kit/digest.ts'
import { newSecret, newUid } from '../../kit/id.ts'
import { Problem, Unavailable } from '../../kit/refusal.ts'
import type { App } from '../../store/nouns/apps.ts'
import { type Actor, mayReach } from '../audit/actor.ts'
import { type EventFields, newEvent } from '../audit/events.ts'
import type { Parts } from '../parts.ts'
import type { AppChange, AppDraft } from './app-draft.ts'
import { hasSecrets, makeSecret } from './app-secrets.ts'
import { NO_SETTINGS, settleApp } from './app-settings.ts'
import { addUnder, addUnderDerived, isCodeName } from './code-name.ts'
import { checkSectorDocument } from './sector-document.ts'

/**
 * Registers an app. The secret is in this answer and nowhere else; it is null for an app that has none. Throws a Problem that names the
 * field when something is not right.
 */
export async function registerApp(
  draft: AppDraft,
  by: Actor,
  parts: Parts,
): Promise<{ app: App; secret: string | null }> {
  const { store, clock } = parts
  const name = draft.name ?? draft.codeName
  if (name === undefined) throw missing('name')
  if (draft.redirectUri === undefined) throw missing('redirect_uri')
  const now = clock.now()
  const isPublic = draft.public ?? false
  const app: Omit<App, 'codeName'> = {
    uid: newUid(),
    clientId: newSecret(),
    directoryUid: await ownerFor(draft, by, store),
    public: isPublic,
    origin: draft.origin ?? 'platform',
    ...settleApp({ ...draft, name }, { ...NO_SETTINGS, public: isPublic }, by, parts),
    createdAt: now,
    endedAt: null,
  }
  await checkSector(app, undefined, parts)
  const made = hasSecrets(app) ? makeSecret(app, 'first', null, parts) : undefined
  const add = async (codeName: string): Promise<App> => {
    const whole: App = { ...app, codeName }
    const details = { codeName, name: app.name, trusted: app.trusted, public: app.public, scopes: app.scopes }
    const event = newEvent('app.created', now, by, fieldsOf(whole, details))
    await store.apps.add(whole, made?.row, event)
    return whole
  }
  const added = draft.codeName === undefined ? addUnderDerived(app.name, parts, add) : addUnder(draft.codeName, add)
  return { app: await added, secret: made?.secret ?? null }
}

/** The app of a code name, as far as this author may see it: an app of another directory is not there. */
export async function findApp(codeName: string, by: Actor, { store }: Pick<Parts, 'store'>): Promise<App | undefined> {
  const app = isCodeName(codeName) ? await store.apps.findLiveByCodeName(codeName) : undefined
  return app && mayReach(by, app) ? app : undefined
}

/** Changes what the draft names, all of it or nothing. Undefined when the author sees no such app. */
export async function changeApp(
  codeName: string,
  change: AppChange,
  by: Actor,
  parts: Parts,
): Promise<App | undefined> {
  for (let tries = 0; tries < 10; tries++) {
    const was = await findApp(codeName, by, parts)
    if (!was) return undefined
    await checkFixed(change, was, parts)
    checkSelfMade(change, was)
    if (by.directoryUid !== null && change.trusted !== undefined && change.trusted !== was.trusted) {
      throw new Problem(403, 'Only the platform itself may change whether an app is trusted.', { field: 'trusted' })
    }
    const app: App = { ...was, ...settleApp(change, was, by, parts) }
    const changed = differences(was, app)
    if (changed.length === 0) return was
    await checkSector(app, was, parts)
    const details = { changed, ...(app.trusted === was.trusted ? {} : { trusted: app.trusted }) }
    const event = newEvent('app.changed', parts.clock.now(), by, fieldsOf(app, details))
    // Written only over what was read: otherwise a redirect URI, or trust, that somebody takes away this instant would come back.
    if (await parts.store.apps.change(app, event, was)) return app
  }
  throw new Unavailable('This app is being changed by others at this moment. Please try again.')
}

/** Asks for the document of a sector when it is set, and when the app wants to be reached elsewhere. */
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

/** Nobody vouches for what made itself known, so nobody can skip the dialog for it; and what a document says stands in the document. */
function checkSelfMade(change: AppChange, { origin }: App): void {
  if (origin === 'document')
    throw new Problem(
      422,
      'This app is described by the document at its client_id: it is changed there, or ended here.',
    )
  if (origin === 'registered' && change.trusted === true)
    throw new Problem(422, 'This app registered itself, so it cannot be trusted.', { field: 'trusted' })
}

/** Refuses to change what an app is known by. */
async function checkFixed(change: AppChange, app: App, { store, clock }: Parts): Promise<void> {
  const fixed = (field: string, given: unknown, value: unknown) => {
    if (given !== undefined && given !== value) {
      throw new Problem(422, `${field} cannot be changed. Leave it out, or send it as it is.`, { field })
    }
  }
  fixed('app_code_name', change.codeName, app.codeName)
  fixed('app_id', change.uid, app.uid)
  fixed('client_id', change.clientId, app.clientId)
  fixed('public', change.public, app.public)
  fixed('directory_uid', change.directoryUid, app.directoryUid)
  if (change.secret !== undefined) {
    const found = await store.apps.authenticate(app.clientId, digest(change.secret), clock.now())
    fixed('client_secret', found?.isSecretRight, true)
  }
}

/** The directory that will own the app. A directory registers for itself alone, and learns nothing of others. */
async function ownerFor(draft: AppDraft, by: Actor, store: Parts['store']): Promise<string | null> {
  const field = 'directory_uid'
  if (by.directoryUid !== null) {
    if (by.directoryUid && (draft.directoryUid ?? by.directoryUid) === by.directoryUid) return by.directoryUid
    throw new Problem(422, 'A directory registers apps of its own alone: leave directory_uid out.', { field })
  }
  if (draft.directoryUid === undefined || draft.directoryUid === null) return null
  const directory = await store.directories.find(draft.directoryUid)
  if (directory && directory.endedAt === null) return directory.uid
  throw new Problem(422, 'There is no such directory, or it was ended.', { field })
}

function missing(field: string): Problem {
  return new Problem(422, `${field} is missing.`, { field })
}

function fieldsOf({ directoryUid, uid }: App, details: EventFields['details']): EventFields {
  return { directoryUid, appUid: uid, details }
}

function differences(was: App, app: App): string[] {
  const names = Object.keys(app) as (keyof App)[]
  return names.filter((name) => JSON.stringify(was[name]) !== JSON.stringify(app[name]))
}
