import type { Incoming } from '../../http/incoming.ts'
import { json } from '../../http/reply.ts'
import { Problem } from '../../kit/refusal.ts'
import type { Site } from '../../site.ts'
import { needCaller } from '../caller.ts'
import { application } from './application.ts'

/** GET /platform/v1/apps: those of the directory, or all for the platform itself, from the oldest, page by page. */
export async function listApps(incoming: Incoming, site: Site): Promise<Response> {
  const { directoryUid } = await needCaller(incoming, site, 'Apps are listed')
  const page = readWhole(incoming, 'page', 1, 1_000_000)
  const perPage = readWhole(incoming, 'per_page', 25, 100)
  const apps = await site.store.apps.list(directoryUid ?? undefined, perPage, undefined, (page - 1) * perPage)
  return json(200, { status: 'OK', apps: apps.map(application) })
}

function readWhole(incoming: Incoming, name: string, standard: number, most: number): number {
  const text = incoming.query.get(name)
  if (text === undefined) return standard
  const value = /^\d{1,7}$/.test(text) ? Number(text) : 0
  if (value >= 1 && value <= most) return value
  throw new Problem(422, `${name} must be a whole number from 1 to ${most}.`, { field: name })
}
