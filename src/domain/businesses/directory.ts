import { newUid } from '../../kit/id.ts'
import { Conflict } from '../../store/engine/db.ts'
import type { Directory } from '../../store/nouns/directories.ts'
import { type Actor, checkReach, mayReach } from '../audit/actor.ts'
import { newEvent } from '../audit/new-event.ts'
import type { Ended, Parts } from '../parts.ts'
import { type LookDraft, readLook } from './directory-look.ts'
import { refuse } from './refusals.ts'

/** The settings of a new directory. Its first host is its main one. */
export interface DirectoryDraft extends LookDraft {
  name: string
  hosts: readonly string[]
}

const MAX_HOSTS = 50

/** Creates a directory with its brand and hosts. Only the platform may. Throws a Refusal that names the field. */
export async function createDirectory(
  draft: DirectoryDraft,
  by: Actor,
  { store, clock }: Parts,
): Promise<{ directory: Directory; hosts: string[] }> {
  checkReach(by, { directoryUid: null })
  const uid = newUid()
  const look = readLook(draft, { uid })
  const hosts = [...new Set(draft.hosts.map(readHost))]
  if (hosts.length === 0) refuse('directory.no-host')
  if (hosts.length > MAX_HOSTS) refuse('directory.too-many-hosts', { most: MAX_HOSTS })
  const now = clock.now()
  const directory: Directory = { uid, host: hosts[0]!, ...look, createdAt: now, endedAt: null }
  for (const host of hosts)
    if (await store.directories.findLiveByHost(host)) refuse('directory.host-taken', { hosts: host })
  const fields = { directoryUid: directory.uid, subject: directory.uid, details: { name: look.name, hosts } }
  try {
    await store.directories.add(directory, hosts, newEvent('directory.created', now, by, fields))
  } catch (error) {
    // Another request just took a host, or an ended directory keeps it, because its people may still visit that host.
    if (error instanceof Conflict) refuse('directory.host-taken', { hosts: hosts.join(', ') })
    throw error
  }
  return { directory, hosts }
}

/**
 * Changes what people see of a directory, completely or not at all. Only the platform may. Returns undefined when the actor may not, or no such
 * live directory exists.
 */
export async function changeDirectory(
  uid: string,
  draft: LookDraft,
  by: Actor,
  { store, clock }: Pick<Parts, 'store' | 'clock'>,
): Promise<Directory | undefined> {
  for (let tries = 0; tries < 10; tries++) {
    const was = await store.directories.find(uid)
    if (was?.endedAt !== null || !mayReach(by, { directoryUid: null })) return undefined
    const directory: Directory = { ...was, ...readLook(draft, was) }
    const changed = changedParts(was, directory)
    if (changed.length === 0) return was
    const fields = { directoryUid: uid, subject: uid, details: { changed } }
    const event = newEvent('directory.changed', clock.now(), by, fields)
    if (await store.directories.change(directory, was, event)) return directory
  }
  return refuse('directory.changed-meanwhile')
}

function changedParts(was: Directory, directory: Directory): string[] {
  const partsOf = ({ name, theme, logo, supportUrl, privacyUrl }: Directory) => {
    return { name, colors: JSON.stringify(theme.colors), locale: theme.locale, logo, supportUrl, privacyUrl }
  }
  const [before, now] = [partsOf(was), partsOf(directory)]
  return Object.keys(now).filter((part) => before[part as keyof typeof now] !== now[part as keyof typeof now])
}

/**
 * Ends a directory permanently, with every token of its businesses and its own platform tokens. Only the platform may. Returns undefined
 * when the actor may not, or no such live directory exists.
 */
export async function endDirectory(
  uid: string,
  by: Actor,
  { store, clock }: Parts,
): Promise<Ended<Directory> | undefined> {
  const found = await store.directories.find(uid)
  if (!found || !mayReach(by, { directoryUid: null })) return undefined
  const at = clock.now()
  const event = newEvent('directory.ended', at, by, { directoryUid: uid, subject: uid })
  return (await store.directories.end(uid, at, event)) ? { ...found, endedAt: at } : undefined
}

/** Reads a host, as browsers write it: in lower case and ASCII, without scheme, port or path. */
export function readHost(text: string): string {
  const given = text.trim()
  const host = /^[^\s/?#@\\]+$/.test(given) ? URL.parse(`http://${given}`)?.hostname : undefined
  // A colon may be part of an IPv6 address in brackets. Anywhere else it begins a port.
  const isWhole = host !== undefined && (!given.includes(':') || /^\[.*\]$/.test(given))
  if (isWhole && host !== '' && host.length <= 253 && !host.endsWith('.')) return host
  return refuse('directory.not-a-host', { shown: JSON.stringify(given.slice(0, 100)) })
}
