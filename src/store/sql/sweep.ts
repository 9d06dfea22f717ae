import { newOrderedUid } from '../../kit/id.ts'
import type { Db, Param, Step } from '../engine/db.ts'
import type { Upkeep } from '../nouns/upkeep.ts'
import { sweepUnconfirmedApps } from './unconfirmed-apps.ts'

/** Seconds that an expired request is kept, so that a person who returns too late can start again. */
const STALE_SECONDS = 3600

/** How many refusals are kept, even if they are recent. */
const MAX_REFUSALS = 100_000

/** What hangs on a chain and may be deleted before it: the column of its time, and the condition of its index. */
const LEAVES = [
  ['codes', 'created_at', ''],
  ['device_codes', 'expires_at', ''],
  ['access_tokens', 'expires_at', 'and expires_at < 2208988800'],
  ['access_tokens', 'ended_at', ''],
  ['refresh_tokens', 'idle_expires_at', ''],
] as const

// A chain is deleted with the last row that hangs on it, because no index finds it later. An app's own chain stays, because the app may be
// getting a token on it at the same time.
const DELETE_CHAIN = `delete from chains where uid = $1 and app_uid is null and not exists (
    select 1 from access_tokens t where t.chain_uid = $1 and t.expires_at >= $2 and (t.ended_at is null or t.ended_at >= $2)
  ) and not exists (
    select 1 from refresh_tokens r where r.chain_uid = $1 and r.idle_expires_at >= $2
  ) returning uid`

/** Returns the verb that deletes old rows. Each kind is a short write. */
export function sweep(db: Db): Upkeep['sweep'] {
  const write = async (steps: readonly Step[]): Promise<number> => {
    const rows = steps.length > 0 ? await db.write(steps) : []
    return rows!.reduce((sum, { length }) => sum + length, 0)
  }

  const sweepLeaves = async ([table, time, more]: (typeof LEAVES)[number], buried: number, batch: number) => {
    const sql = `select digest, chain_uid from ${table} where ${time} < $1 ${more} order by ${time} limit $2`
    const leaves = await db.all(sql, [buried, batch])
    const chains = new Set(leaves.map((leaf) => leaf.chain_uid!))
    return write([
      ...[...chains].map((uid) => ({ sql: DELETE_CHAIN, params: [uid, buried] })),
      ...leaves.map(({ digest }) => ({
        sql: `delete from ${table} where digest = $1 returning digest`,
        params: [digest!],
      })),
    ])
  }

  return async (now, lifetimes, batch) => {
    const buried = now - lifetimes.tombstone
    const eventsBefore = now - lifetimes.event
    const endedChains = 'select uid from chains where ended_at < $1 order by ended_at limit $2'
    const hasToken = `(exists (select 1 from access_tokens t where t.chain_uid = chains.uid)
      or exists (select 1 from refresh_tokens r where r.chain_uid = chains.uid))`
    const oldSessions = 'select uid from sessions where expires_at < $1 order by expires_at limit $2'
    const hasApp = 'exists (select 1 from session_apps a where a.session_uid = sessions.uid)'
    const kinds: [table: string, key: string, condition: string, ...Param[]][] = [
      ['access_tokens', 'digest', `chain_uid in (${endedChains})`, buried],
      ['refresh_tokens', 'digest', `chain_uid in (${endedChains})`, buried],
      ['chains', 'uid', `ended_at < $1 and not ${hasToken} order by ended_at`, buried],
      ['session_apps', 'session_uid', `session_uid in (${oldSessions})`, buried],
      ['sessions', 'digest', `expires_at < $1 and not ${hasApp} order by expires_at`, buried],
      ['pending_requests', 'digest', 'expires_at < $1 order by expires_at', now - STALE_SECONDS],
      ['attempts', 'key', 'expires_at < $1 order by expires_at', now],
      ['app_secrets', 'uid', 'expires_at < $1 order by expires_at', buried],
      ['app_secrets', 'uid', 'ended_at < $1 order by ended_at', buried],
      ['assertions', 'digest', 'expires_at < $1 order by expires_at', now],
      // A person may still be answering a request that was pushed long ago, and the answer marks it as used.
      ['pushed_requests', 'digest', 'expires_at < $1 order by expires_at', now - (lifetimes.request ?? 86_400)],
      // The uid of an event begins with its second, so no index by time is needed.
      ['events', 'uid', 'at < $1 and uid < $3 order by uid', eventsBefore, newOrderedUid(eventsBefore).slice(0, 8)],
    ]
    if (lifetimes.refusal !== undefined) {
      const oldest = '(select at from refusals order by at desc limit 1 offset $1)'
      kinds.push(['refusals', 'reference', 'at < $1 order by at', now - lifetimes.refusal])
      kinds.push(['refusals', 'reference', `at <= ${oldest} order by at`, MAX_REFUSALS])
    }
    let swept = await sweepUnconfirmedApps(db, now, batch)
    for (const leaf of LEAVES) swept += await sweepLeaves(leaf, buried, batch)
    for (const [table, key, condition, before, ...more] of kinds) {
      const sql = `delete from ${table} where ${key} in (select ${key} from ${table} where ${condition} limit $2) returning ${key}`
      swept += await write([{ sql, params: [before!, batch, ...more] }])
    }
    return swept
  }
}
