import { tokenDigest } from '../../kit/digest.ts'
import { newSecret, newToken, newUid } from '../../kit/id.ts'
import { Unavailable } from '../../kit/refusal.ts'
import type { AppSecret } from '../../store/nouns/app-secrets.ts'
import type { App } from '../../store/nouns/apps.ts'
import type { Actor } from '../audit/actor.ts'
import { newEvent } from '../audit/events.ts'
import type { Parts } from '../parts.ts'
import { AUTH_METHODS, settingsOfOthers } from './app-protocol.ts'
import { hasSecrets, makeSecret } from './app-secrets.ts'
import { type AppSettings, NO_SETTINGS, settleApp } from './app-settings.ts'
import { readClientMetadata } from './client-metadata.ts'
import { checkSectorDocument } from './sector-document.ts'

/** An app as it registered itself, with what is told this once. */
export interface Registered {
  app: App
  /** Null when it has none, or keeps the one it has. */
  secret: string | null
  /** By which its registration is read and changed (RFC 7592 §3). */
  accessToken: string
}

/** RFC 7591 §3.1: registers an app by its own word. It is owned by the directory whose token it came with, if any, and never trusted. */
export async function registerItself(record: Record<string, unknown>, by: Actor, parts: Parts): Promise<Registered> {
  const { store, clock, config } = parts
  const { settings, isPublic } = await settle(record, by, parts)
  const now = clock.now()
  const uid = newUid()
  const app: App = {
    uid,
    // Names that partners choose hold no `_`, so none of theirs is taken away.
    codeName: `registered_${uid}`,
    clientId: newSecret(),
    directoryUid: by.directoryUid ?? null,
    public: isPublic,
    origin: 'registered',
    ...settings,
    createdAt: now,
    endedAt: null,
  }
  const secret = hasSecrets(app) ? makeSecret(app, 'registered', null, parts) : undefined
  const accessToken = newToken(now)
  const registration = {
    appUid: uid,
    tokenDigest: tokenDigest(accessToken),
    platformTokenUid: by.credentialUid ?? null,
    changedAt: now,
  }
  const unconfirmed = { until: now + config.unusedAppLifetime, most: config.mostUnusedApps }
  const event = eventOf('app.created', app, by, now, { name: app.name, public: isPublic, scopes: app.scopes })
  await store.registrations.add(app, secret?.row, registration, unconfirmed, event)
  return { app, secret: secret?.secret ?? null, accessToken }
}

/**
 * RFC 7592 §2.2: replaces all that the app said of itself, and nothing that the platform has set for it. The token it was asked with is
 * replaced as well, and good no more.
 */
export async function replaceRegistration(
  was: App,
  record: Record<string, unknown>,
  accessToken: string,
  by: Actor,
  parts: Parts,
): Promise<Registered> {
  const { accessTokenFormat, accessTokenLifetime, protocol } = was
  const kept = { accessTokenFormat, accessTokenLifetime, protocol: settingsOfOthers(protocol) }
  const { settings, isPublic } = await settle(record, { ...by, directoryUid: was.directoryUid }, parts, kept)
  const now = parts.clock.now()
  const app: App = { ...was, ...settings, public: isPublic }
  const renewed = renewSecret(app, was, parts)
  const token = newToken(now)
  const changed = Object.keys(settings).filter((name) => differs(name as keyof App, was, app))
  const isReplaced = await parts.store.registrations.replace(
    app,
    was,
    { digest: tokenDigest(token), was: tokenDigest(accessToken) },
    renewed && (renewed.row ?? null),
    now,
    eventOf('app.changed', app, by, now, { changed }),
  )
  if (!isReplaced)
    throw new Unavailable('This registration was changed at this very moment. Please read it and try again.')
  return { app, secret: renewed?.secret ?? null, accessToken: token }
}

/** All settings anew, from what the app says and, of what was before, from what it has no say in. */
async function settle(record: Record<string, unknown>, by: Actor, parts: Parts, kept: Partial<AppSettings> = {}) {
  const { scopes, config, outbound } = parts
  const draft = readClientMetadata(record, { env: config.env, scopes, methods: METHODS })
  const isPublic = draft.public!
  const settings = settleApp(draft, { ...NO_SETTINGS, ...kept, public: isPublic }, by, parts)
  const { sectorIdentifierUri } = settings.protocol
  if (sectorIdentifierUri !== undefined) await checkSectorDocument(sectorIdentifierUri, settings.redirectUris, outbound)
  return { settings, isPublic }
}

/** What RFC 7591 §2 means where nothing is said comes first. */
const METHODS = ['client_secret_basic', ...AUTH_METHODS.filter((each) => each !== 'client_secret_basic')] as const

/** A secret for an app that has just begun to need one, or needs one of another kind; none where it ceased to; undefined to keep it. */
function renewSecret(app: App, was: App, parts: Parts): { secret?: string; row?: AppSecret } | undefined {
  const kind = (each: App) =>
    hasSecrets(each) ? (each.protocol.authMethod === 'client_secret_jwt' ? 'signs' : 'shows') : 'none'
  if (kind(app) === kind(was)) return undefined
  return kind(app) === 'none' ? {} : makeSecret(app, 'registered', null, parts)
}

function differs(name: keyof App, was: App, app: App): boolean {
  return JSON.stringify(was[name]) !== JSON.stringify(app[name])
}

function eventOf(
  type: 'app.created' | 'app.changed',
  app: App,
  by: Actor,
  at: number,
  details: Record<string, string | boolean | readonly string[]>,
) {
  const { directoryUid, uid, origin } = app
  return newEvent(type, at, by, { directoryUid, appUid: uid, details: { origin, ...details } })
}
