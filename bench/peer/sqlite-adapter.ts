import { DatabaseSync } from 'node:sqlite'
import type { Adapter } from 'oidc-provider'

/**
 * The peer's storage with the guarantee Behalf gives: SQLite in WAL mode, `synchronous=FULL`, every write on disk before it
 * is answered. One table with one index, prepared statements, nothing read that is not asked for.
 */
export function sqliteAdapter(path: string): {
  adapter: (model: string) => Adapter
  batch: (work: () => Promise<void>) => Promise<void>
} {
  const db = new DatabaseSync(path)
  db.exec(`
    pragma journal_mode = wal;
    pragma synchronous = full;
    pragma cache_size = -16000;
    create table if not exists models (
      model text not null, id text not null, payload text not null, grant_id text, uid text, consumed_at bigint, expires_at bigint,
      primary key (model, id)
    ) without rowid;
    create index if not exists models_grant on models (grant_id) where grant_id is not null;
  `)
  const upsert = db.prepare(
    `insert into models (model, id, payload, grant_id, uid, expires_at) values (?, ?, ?, ?, ?, ?)
     on conflict (model, id) do update set payload = excluded.payload, expires_at = excluded.expires_at`,
  )
  const find = db.prepare('select payload, consumed_at from models where model = ? and id = ?')
  const findByUid = db.prepare('select payload, consumed_at from models where model = ? and uid = ?')
  const consume = db.prepare('update models set consumed_at = ? where model = ? and id = ?')
  const destroy = db.prepare('delete from models where model = ? and id = ?')
  const revoke = db.prepare('delete from models where grant_id = ?')
  const now = () => Math.floor(Date.now() / 1000)

  const read = (row: Record<string, unknown> | undefined) => {
    if (!row) return undefined
    const payload = JSON.parse(String(row.payload)) as Record<string, unknown>
    return row.consumed_at === null ? payload : { ...payload, consumed: Number(row.consumed_at) }
  }

  const adapter = (model: string): Adapter => ({
    async upsert(id, payload, expiresIn) {
      const grantId = model === 'Grant' ? null : ((payload.grantId as string | undefined) ?? null)
      const uid = (payload.uid as string | undefined) ?? null
      upsert.run(model, id, JSON.stringify(payload), grantId, uid, expiresIn ? now() + expiresIn : null)
    },
    async find(id) {
      return read(find.get(model, id))
    },
    async findByUid(uid) {
      return read(findByUid.get(model, uid))
    },
    async findByUserCode() {
      return undefined
    },
    async consume(id) {
      consume.run(now(), model, id)
    },
    async destroy(id) {
      destroy.run(model, id)
    },
    async revokeByGrantId(grantId) {
      revoke.run(grantId)
    },
  })

  /** Many writes in one commit, for filling the tables before a run; a run itself never uses it. */
  const batch = async (work: () => Promise<void>) => {
    db.exec('begin')
    await work()
    db.exec('commit')
    db.exec('pragma wal_checkpoint(truncate)')
  }

  return { adapter, batch }
}
