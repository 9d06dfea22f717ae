import { newUid } from '../../kit/id.ts'
import { Problem } from '../../kit/refusal.ts'
import { Conflict } from '../../store/engine/db.ts'
import type { App } from '../../store/nouns/apps.ts'
import type { ClientDocument } from '../../store/nouns/client-documents.ts'
import { serverActor } from '../audit/actor.ts'
import { newEvent } from '../audit/events.ts'
import type { Parts } from '../parts.ts'
import { NO_SETTINGS, settleApp } from './app-settings.ts'
import { checkDocumentUrl, isDocumentUrl, readClientDocument } from './client-document.ts'
import { fetchDocument } from './fetch-document.ts'
import { checkSectorDocument } from './sector-document.ts'

interface Known {
  app: App
  document: ClientDocument
}

/** For how long a document that is no longer fresh will still do while its server does not answer. */
const LAST_RESORT = 86_400
/** The least time between two questions for one document that we know, from all servers together. */
const PAUSE = 60

/**
 * The live app of a client id. Where that is the URL of a document (draft-ietf-oauth-client-id-metadata-document-02), the document is read
 * first, unless what is known of it will do. `visitor` is who makes us ask. Throws a Problem when the document is no good.
 */
export async function findAppByClientId(clientId: string, visitor: string, parts: Parts): Promise<App | undefined> {
  const { store, config, clock } = parts
  if (clientId.length > 2000) return undefined
  if (!isDocumentUrl(clientId)) return store.apps.findLiveByClientId(clientId)
  if (!config.clientIdMetadataDocuments) return undefined
  checkDocumentUrl(clientId, config)
  const known = await store.clientDocuments.findLive(clientId)
  const now = clock.now()
  if (!known) return introduce(clientId, visitor, parts)
  if (now < known.document.freshUntil) return known.app
  // Whoever comes while somebody else asks, or has just asked, does with what there is.
  if (!(await store.clientDocuments.claim(known.app.uid, now, PAUSE))) return stale(known, now)
  return readAgain(known, now, parts)
}

/** Reads a document that nobody has come with yet, and makes its app. */
async function introduce(url: string, visitor: string, parts: Parts): Promise<App> {
  const { store, config, clock, limits } = parts
  await limits.check('documents', visitor)
  await limits.check('documents-of-host', new URL(url).hostname)
  const read = await fetchDocument(url, parts)
  if (!read) throw unreachable()
  const now = clock.now()
  const uid = newUid()
  const app: App = {
    uid,
    codeName: `document_${uid}`,
    clientId: url,
    directoryUid: null,
    origin: 'document',
    ...(await settle(read.text, url, parts)),
    createdAt: now,
    endedAt: null,
  }
  const document = { appUid: uid, readAt: now, freshUntil: now + read.freshFor, askedAt: now }
  const unconfirmed = { until: now + config.unusedAppLifetime, most: config.mostUnusedApps }
  const details = { origin: app.origin, name: app.name, clientId: url, public: app.public, scopes: app.scopes }
  const event = newEvent('app.created', now, serverActor, { appUid: uid, details })
  try {
    await store.clientDocuments.add(app, document, unconfirmed, event)
    return app
  } catch (error) {
    if (!(error instanceof Conflict)) throw error
    // Two have come at once, or the operator has ended this app and does not want it back.
    const first = await store.clientDocuments.findLive(url)
    if (first) return first.app
    throw new Problem(400, 'The app of this client_id was ended by the platform.', {
      field: 'client_id',
      check: 'client-document',
    })
  }
}

async function readAgain(known: Known, now: number, parts: Parts): Promise<App | undefined> {
  const { store } = parts
  const { app: was, document } = known
  const read = await fetchDocument(was.clientId, parts)
  if (!read) return stale(known, now)
  const app: App = { ...was, ...(await settle(read.text, was.clientId, parts).catch(spoil)) }
  const names = Object.keys(app) as (keyof App)[]
  const changed = names.filter((name) => JSON.stringify(app[name]) !== JSON.stringify(was[name]))
  const details = { origin: app.origin, changed }
  const event = changed.length > 0 ? newEvent('app.changed', now, serverActor, { appUid: app.uid, details }) : undefined
  const renewed = { ...document, readAt: now, freshUntil: now + read.freshFor }
  if (await store.clientDocuments.refresh(app, was, renewed, event)) return app
  return (await store.clientDocuments.findLive(was.clientId))?.app

  /** A document that says something else now is not a host that is down: what it said before counts no more. */
  async function spoil(error: unknown): Promise<never> {
    await store.clientDocuments.refresh(was, was, { ...document, freshUntil: 0 }, undefined)
    throw error
  }
}

/** What was read before, as long as that is not too long ago: a host that is down for an hour should keep nobody out. */
function stale({ app, document }: Known, now: number): App {
  if (now < document.freshUntil + LAST_RESORT) return app
  throw unreachable()
}

/** What the document makes of the app, and nothing of what it was before. */
async function settle(text: string, url: string, parts: Parts) {
  const { scopes, config, outbound } = parts
  try {
    const draft = readClientDocument(text, url, { env: config.env, scopes })
    const isPublic = draft.public!
    const settings = settleApp(draft, { ...NO_SETTINGS, public: isPublic }, serverActor, parts)
    const { sectorIdentifierUri } = settings.protocol
    if (sectorIdentifierUri !== undefined)
      await checkSectorDocument(sectorIdentifierUri, settings.redirectUris, outbound)
    return { ...settings, public: isPublic }
  } catch (cause) {
    if (!(cause instanceof Problem)) throw cause
    throw new Problem(400, `The document at the client_id cannot be used: ${cause.message}`, {
      field: 'client_id',
      cause,
    })
  }
}

function unreachable(): Problem {
  const sentence =
    'The document at the client_id could not be read: it must answer 200 with application/json, at a public https address, without redirects and within 10 kB.'
  return new Problem(400, sentence, { field: 'client_id', check: 'client-document' })
}
