import { tokenDigest } from '../../kit/digest.ts'
import { newSecret, newToken, newUid } from '../../kit/id.ts'
import type { AppSecret } from '../../store/nouns/app-secrets.ts'
import type { App } from '../../store/nouns/apps.ts'
import { type Actor, checkReach } from '../audit/actor.ts'
import { newEvent } from '../audit/new-event.ts'
import type { Parts } from '../parts.ts'
import { ofApp } from './app.ts'
import { AUTH_METHODS } from './app-protocol.ts'
import { hasSecrets, makeAppSecret } from './app-secrets.ts'
import { applyOwnDraft, readClientMetadata } from './client-metadata.ts'
import { asksAgain, changesOf } from './differences.ts'
import { refuse } from './refusals.ts'

/** An app that registered itself, with its new credentials. */
export interface Registered {
  app: App
  /** Null when it has none, or keeps its current one. */
  secret: string | null
  /** Reads and changes its registration (RFC 7592 §3). */
  accessToken: string
}

/** Registers an app from its own metadata (RFC 7591 §3.1). The directory of the registration token, if any, owns it. It is never trusted. */
export async function registerItself(record: Record<string, unknown>, by: Actor, parts: Parts): Promise<Registered> {
  const { store, clock, config } = parts
  const now = clock.now()
  const uid = newUid()
  const app: App = {
    uid,
    // Code names that partners choose have no `_`, so this one collides with none of theirs.
    codeName: `registered_${uid}`,
    clientId: newSecret(),
    directoryUid: by.directoryUid ?? null,
    origin: 'registered',
    ...(await readOwn(record, parts)).settings,
    createdAt: now,
    endedAt: null,
  }
  const secret = hasSecrets(app) ? makeAppSecret(app, 'registered', null, parts) : undefined
  const accessToken = newToken(now)
  const registration = {
    appUid: uid,
    tokenDigest: tokenDigest(accessToken),
    platformTokenUid: by.credentialUid ?? null,
    changedAt: now,
  }
  const unconfirmed = { until: now + config.unusedAppLifetime, most: config.maxUnusedApps }
  const { origin, name, public: isPublic, scopes } = app
  const event = newEvent('app.created', now, by, ofApp(app, { origin, name, public: isPublic, scopes }))
  await store.registrations.add(app, secret?.row, registration, unconfirmed, event)
  return { app, secret: secret?.secret ?? null, accessToken }
}

/**
 * Replaces all metadata of an app (RFC 7592 §2.2). Settings that only the platform or the owner can set stay, and so do those that they
 * locked. The registration access token is replaced too; the old one stops working.
 */
export async function replaceRegistration(
  was: App,
  record: Record<string, unknown>,
  accessToken: string,
  by: Actor,
  parts: Parts,
): Promise<Registered> {
  checkReach(by, { directoryUid: was.directoryUid, appUid: was.uid })
  const now = parts.clock.now()
  const { settings, heldBack } = await readOwn(record, parts, was)
  const app: App = { ...was, ...settings }
  const renewed = renewSecret(app, was, parts)
  const token = newToken(now)
  const isReplaced = await parts.store.registrations.replace(
    app,
    was,
    { digest: tokenDigest(token), was: tokenDigest(accessToken) },
    renewed && (renewed.row ?? null),
    now,
    newEvent('app.changed', now, by, ofApp(app, changesOf(was, app, heldBack))),
    asksAgain(was, app),
  )
  if (!isReplaced) refuse('app.changed-meanwhile')
  return { app, secret: renewed?.secret ?? null, accessToken: token }
}

async function readOwn(record: Record<string, unknown>, parts: Parts, app?: App) {
  const { config, scopes } = parts
  const draft = readClientMetadata(record, { config, scopes, methods: METHODS, app })
  return { settings: await applyOwnDraft(draft, app, { pool: 'strangers' }, parts), heldBack: draft.heldBack }
}

/** The default of RFC 7591 §2 comes first. */
const METHODS = ['client_secret_basic', ...AUTH_METHODS.filter((each) => each !== 'client_secret_basic')] as const

/** Returns a new secret for an app that now needs one, or one of another kind; an empty object to remove it; undefined to keep it. */
function renewSecret(app: App, was: App, parts: Parts): { secret?: string; row?: AppSecret } | undefined {
  const kind = (each: App) =>
    hasSecrets(each) ? (each.protocol.authMethod === 'client_secret_jwt' ? 'signs' : 'shows') : 'none'
  if (kind(app) === kind(was)) return undefined
  return kind(app) === 'none' ? {} : makeAppSecret(app, 'registered', null, parts)
}
