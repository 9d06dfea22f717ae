import type { Db, Param } from '../db.ts'
import type { Store } from '../store.ts'

/** Deletes what is past remembering, at most `batch` rows of a kind and each kind as its own short write. */
export function sweep(db: Db): Store['sweep'] {
  return async (now, lifetimes, batch) => {
    const buried = now - lifetimes.tombstone
    const kinds: [table: string, key: string, condition: string, Param][] = [
      ['codes', 'digest', 'created_at < $1', buried],
      ['access_tokens', 'digest', 'expires_at < $1', buried],
      ['access_tokens', 'digest', 'ended_at < $1', buried],
      ['access_tokens', 'digest', 'chain_uid in (select uid from chains where ended_at < $1)', buried],
      [
        'chains',
        'uid',
        'ended_at < $1 and not exists (select 1 from access_tokens t where t.chain_uid = chains.uid)',
        buried,
      ],
      ['sessions', 'digest', 'expires_at < $1', buried],
      ['pending_requests', 'digest', 'expires_at < $1', now - 86_400],
      ['attempts', 'key', 'expires_at < $1', now],
      ['events', 'uid', 'at < $1', now - lifetimes.event],
    ]
    let swept = 0
    for (const [table, key, condition, before] of kinds) {
      const sql = `delete from ${table} where ${key} in (select ${key} from ${table} where ${condition} limit $2) returning ${key}`
      const rows = await db.write([{ sql, params: [before, batch] }])
      swept += rows![0]!.length
    }
    return swept
  }
}
