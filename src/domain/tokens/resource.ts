import { digest } from '../../kit/digest.ts'
import { newSecret, newUid } from '../../kit/id.ts'
import type { Refusal } from '../../kit/refusal.ts'
import { isSameUri } from '../../kit/uri-key.ts'
import { Conflict } from '../../store/engine/db.ts'
import type { ResourceServer } from '../../store/nouns/resources.ts'
import { refuse as refuseSetting } from '../apps/refusals.ts'
import { uriFault } from '../apps/uri-refusals.ts'
import { faultOfUri, faultOfWebUri } from '../apps/web-uri.ts'
import { type Actor, mayReach } from '../audit/actor.ts'
import { newEvent } from '../audit/new-event.ts'
import { refusal } from '../businesses/refusals.ts'
import type { Ended, Parts } from '../parts.ts'
import { refuse } from './refusals.ts'
import { type ResourceDraft, readResourceSettings } from './resource-settings.ts'

/** Returns the client id of a resource server at introspection. No app has such a client id. */
export function clientIdOf(resource: Pick<ResourceServer, 'uid'>): string {
  return `rs_${resource.uid}`
}

/** Returns the uid in the client id of a resource server; undefined for any other client id. */
export function resourceUidOf(clientId: string): string | undefined {
  return /^rs_([a-z0-9]{16})$/.exec(clientId)?.[1]
}

/**
 * Registers a resource server (RFC 8707). Unless `introspection` is false it gets a secret, which only this answer contains. Throws a refusal that
 * names the wrong field.
 */
export async function registerResource(
  draft: ResourceDraft,
  by: Actor,
  parts: Parts,
): Promise<{ resource: ResourceServer; secret: string | null }> {
  const { store, clock, config } = parts
  const { identifier, name } = draft
  if (identifier === undefined) refuseSetting('setting.missing', { field: 'identifier' })
  if (name === undefined) refuseSetting('setting.missing', { field: 'name' })
  checkIdentifier(identifier)
  if (await store.apps.findLiveByClientId(identifier)) refuse('resource.identifier-of-app')
  const now = clock.now()
  const secret = draft.introspection === false ? null : newSecret()
  const directoryUid = ownerFor(draft, by)
  const blank = { scopes: null, tokenFormat: null, tokenLifetime: null, tokenClaims: null, tokenTyp: null }
  const resource: ResourceServer = {
    uid: newUid(),
    identifier,
    directoryUid,
    ...readResourceSettings(draft, { identifier, name, ...blank }, parts),
    secretDigest: secret === null ? null : digest(secret),
    createdAt: now,
    endedAt: null,
  }
  const details = { identifier, name: resource.name, introspection: secret !== null }
  const event = newEvent('resource.created', now, by, fieldsOf(resource, details))
  try {
    if (await store.resources.add(resource, isSameUri(identifier, config.issuer), event)) return { resource, secret }
  } catch (error) {
    if (!(error instanceof Conflict)) throw error
    refuse('resource.identifier-taken')
  }
  throw refusal('directory.unknown')
}

/** The live resource server of a uid, if the actor may reach it. */
async function findLiveResource(
  uid: string,
  by: Actor,
  { store }: Pick<Parts, 'store'>,
): Promise<ResourceServer | undefined> {
  const found = /^[a-z0-9]{16}$/.test(uid) ? await store.resources.find(uid) : undefined
  return found?.endedAt === null && mayReach(by, found) ? found : undefined
}

/**
 * Changes the settings of the draft, all or none. `introspection` true replaces the secret, false removes it. Undefined when there is no such
 * live resource server, or the actor may not reach it.
 */
export async function changeResource(
  uid: string,
  draft: ResourceDraft,
  by: Actor,
  parts: Parts,
): Promise<{ resource: ResourceServer; secret: string | undefined } | undefined> {
  for (let tries = 0; tries < 10; tries++) {
    const was = await findLiveResource(uid, by, parts)
    if (!was) return undefined
    checkFixed(draft, was)
    const secret = draft.introspection ? newSecret() : undefined
    const kept = draft.introspection === false ? null : was.secretDigest
    const secretDigest = secret === undefined ? kept : digest(secret)
    const resource = { ...was, ...readResourceSettings(draft, was, parts), secretDigest }
    const changed = differences(was, resource)
    if (changed.length === 0) return { resource: was, secret }
    const event = newEvent('resource.changed', parts.clock.now(), by, fieldsOf(resource, { changed }))
    if (await parts.store.resources.change(resource, event, was)) return { resource, secret }
  }
  return refuse('resource.changed-meanwhile')
}

/** Ends a resource server, which gets no more tokens and may not introspect. Undefined when there is none, or the actor may not reach it. */
export async function endResource(uid: string, by: Actor, parts: Parts): Promise<Ended<ResourceServer> | undefined> {
  const found = await findLiveResource(uid, by, parts)
  if (!found) return undefined
  const at = parts.clock.now()
  const event = newEvent('resource.ended', at, by, fieldsOf(found, { identifier: found.identifier }))
  return (await parts.store.resources.end(uid, at, event)) ? { ...found, endedAt: at } : undefined
}

/** An absolute URI without fragment (RFC 8707 §2). It is stored unchanged, because APIs compare the audience of their tokens with it. */
function checkIdentifier(identifier: string): void {
  const fault = faultOf(identifier)
  if (fault) refuse('resource.identifier', { fault })
}

function faultOf(identifier: string): Refusal | undefined {
  if (/^https?:/i.test(identifier)) return faultOfWebUri(identifier)
  const isName = /^urn:|^[a-z][a-z\d+-]*(\.[a-z\d+-]+)+:/.test(identifier)
  return faultOfUri(identifier) ?? (isName ? undefined : uriFault('uri.no-name'))
}

function checkFixed(draft: ResourceDraft, was: ResourceServer): void {
  const fixed = (field: string, given: unknown, value: unknown) => {
    if (given !== undefined && given !== value) refuseSetting('setting.fixed', { field })
  }
  if (draft.identifier === undefined || !isSameUri(draft.identifier, was.identifier))
    fixed('identifier', draft.identifier, was.identifier)
  fixed('directoryUid', draft.directoryUid, was.directoryUid)
}

/** A directory registers only its own resource servers, and the refusal reveals nothing about others. */
function ownerFor(draft: ResourceDraft, by: Actor): string | null {
  if (by.directoryUid === null) return draft.directoryUid ?? null
  if (by.directoryUid && (draft.directoryUid ?? by.directoryUid) === by.directoryUid) return by.directoryUid
  return refuse('resource.other-directory')
}

function fieldsOf<Details>({ directoryUid, uid }: ResourceServer, details: Details) {
  return { directoryUid, subject: uid, details }
}

function differences(was: ResourceServer, now: ResourceServer): string[] {
  const names = Object.keys(now) as (keyof ResourceServer)[]
  return names.filter((name) => JSON.stringify(was[name]) !== JSON.stringify(now[name]))
}
