import { newUid } from '../../kit/id.ts'
import type { Share } from '../../kit/outbound.ts'
import { Refusal } from '../../kit/refusal.ts'
import { Conflict } from '../../store/engine/db.ts'
import type { App } from '../../store/nouns/apps.ts'
import type { ClientDocument } from '../../store/nouns/client-documents.ts'
import { serverActor } from '../audit/actor.ts'
import { newEvent } from '../audit/new-event.ts'
import type { Parts } from '../parts.ts'
import { ofApp } from './app.ts'
import { checkDocumentUrl, fetchDocument, readClientDocument } from './client-document.ts'
import { applyOwnDraft } from './client-metadata.ts'
import { asksAgain, changesOf } from './differences.ts'
import { fetchPoolOf, shareOf } from './fetch-pool.ts'
import { refusal, refuse } from './refusals.ts'
import { nameOn } from './settings.ts'

interface Known {
  app: App
  document: ClientDocument
}

/** How long a document that is no longer fresh is used while its server does not answer. */
const STALE_SECONDS = 86_400
/** The least time between two fetches of one document, by all our servers together. */
const PAUSE_SECONDS = 60

/**
 * Returns the live app of a client id that is the URL of a metadata document (draft-ietf-oauth-client-id-metadata-document-02). Fetches the
 * document and stores the app, unless the stored one is fresh. `visitor` is the key that fetches are limited by. Throws a Refusal if the
 * document cannot be used. Returns undefined when the server does not support such documents.
 */
export async function resolveDescribedApp(clientId: string, visitor: string, parts: Parts): Promise<App | undefined> {
  const { store, config, clock } = parts
  if (clientId.length > 2000 || !config.clientIdMetadataDocuments) return undefined
  checkDocumentUrl(clientId, config)
  const known = await store.clientDocuments.findLive(clientId)
  const now = clock.now()
  if (!known) {
    // Before the fetch, so that an app that was ended causes no more requests.
    if (await store.clientDocuments.isEnded(clientId)) refuse('client-document.app-ended')
    return addDescribed(clientId, visitor, parts)
  }
  if (now < known.document.freshUntil) return known.app
  // One request fetches. Others at the same time, or shortly after, use the stored document.
  if (!(await store.clientDocuments.claim(known.app.uid, now, PAUSE_SECONDS))) return stale(known, now)
  return readAgain(known, visitor, now, parts)
}

/** Reads a document for the first time, and creates its app. */
async function addDescribed(url: string, visitor: string, parts: Parts): Promise<App> {
  const { store, config, clock, limits } = parts
  limits.check('documents', visitor)
  limits.check('documents-of-host', new URL(url).hostname)
  const share: Share = { pool: 'strangers', visitor }
  const read = await fetchDocument(url, share, parts)
  if (!read) return refuse('client-document.unreachable')
  const now = clock.now()
  const uid = newUid()
  const app: App = {
    uid,
    codeName: `document_${uid}`,
    clientId: url,
    directoryUid: null,
    origin: 'document',
    ...(await readAndApply(read.text, url, share, parts)).settings,
    createdAt: now,
    endedAt: null,
  }
  const document = { appUid: uid, readAt: now, freshUntil: now + read.freshFor, askedAt: now }
  const unconfirmed = { until: now + config.unusedAppLifetime, most: config.maxUnusedApps }
  const details = { origin: app.origin, name: app.name, clientId: url, public: app.public, scopes: app.scopes }
  const event = newEvent('app.created', now, serverActor, ofApp(app, details))
  try {
    await store.clientDocuments.add(app, document, unconfirmed, event)
    return app
  } catch (error) {
    if (!(error instanceof Conflict)) throw error
    // Another request created it at the same time, or an operator has ended this app permanently.
    const first = await store.clientDocuments.findLive(url)
    if (first) return first.app
    throw refusal('client-document.app-ended')
  }
}

async function readAgain(known: Known, visitor: string, now: number, parts: Parts): Promise<App | undefined> {
  const { store, limits } = parts
  const { app: was, document } = known
  const share = shareOf(await fetchPoolOf(was, store), new URL(was.clientId).hostname, visitor, limits)
  const read = share && (await fetchDocument(was.clientId, share, parts))
  if (!read) return stale(known, now)
  const { settings, heldBack } = await readAndApply(read.text, was.clientId, share, parts, was).catch(spoil)
  const app: App = { ...was, ...settings }
  const details = changesOf(was, app, heldBack)
  const event = details.changed.length > 0 ? newEvent('app.changed', now, serverActor, ofApp(app, details)) : undefined
  const renewed = { ...document, readAt: now, freshUntil: now + read.freshFor }
  if (await store.clientDocuments.refresh(app, was, renewed, event, asksAgain(was, app))) return app
  return (await store.clientDocuments.findLive(was.clientId))?.app

  /** Unlike an unreachable document, a broken one invalidates the stored settings at once. */
  async function spoil(error: unknown): Promise<never> {
    await store.clientDocuments.refresh(was, was, { ...document, freshUntil: 0 }, undefined, false)
    throw error
  }
}

/** Returns the stored app unless it is too old, so that a host that is down for an hour does not lock people out. */
function stale({ app, document }: Known, now: number): App {
  if (now < document.freshUntil + STALE_SECONDS) return app
  return refuse('client-document.unreachable')
}

async function readAndApply(text: string, url: string, share: Share, parts: Parts, app?: App) {
  const { store, scopes, config } = parts
  // A resource of a partner gives way, so that no partner can keep an app out.
  if ((await store.resources.findLive(url))?.directoryUid === null) refuse('client-document.of-resource')
  try {
    const draft = readClientDocument(text, url, { config, scopes, app })
    return { settings: await applyOwnDraft(draft, app, share, parts), heldBack: draft.heldBack }
  } catch (cause) {
    if (!(cause instanceof Refusal) || cause.status !== 422) throw cause
    throw refusal('client-document.wrong-setting', { message: cause.renamed(nameOn('metadata')) }, { cause })
  }
}
