import type { Adapter } from 'oidc-provider'

type Payload = Record<string, unknown>

/** The peer's storage in plain JavaScript Maps: nothing is ever written, so nothing is ever waited for. */
export function mapAdapter(): {
  adapter: (model: string) => Adapter
  batch: (work: () => Promise<void>) => Promise<void>
} {
  const rows = new Map<string, Payload>()
  const byGrant = new Map<string, string[]>()
  const byUid = new Map<string, string>()

  const adapter = (model: string): Adapter => {
    const key = (id: string) => `${model}:${id}`
    return {
      async upsert(id, payload) {
        rows.set(key(id), payload)
        if (model === 'Session') byUid.set(String(payload.uid), key(id))
        if (model !== 'Grant' && typeof payload.grantId === 'string') {
          const members = byGrant.get(payload.grantId)
          if (members) members.push(key(id))
          else byGrant.set(payload.grantId, [key(id)])
        }
      },
      async find(id) {
        return rows.get(key(id))
      },
      async findByUid(uid) {
        return rows.get(byUid.get(uid) ?? '')
      },
      async findByUserCode() {
        return undefined
      },
      async consume(id) {
        const row = rows.get(key(id))
        if (row) row.consumed = Math.floor(Date.now() / 1000)
      },
      async destroy(id) {
        rows.delete(key(id))
      },
      async revokeByGrantId(grantId) {
        for (const member of byGrant.get(grantId) ?? []) rows.delete(member)
        byGrant.delete(grantId)
      },
    }
  }

  return { adapter, batch: (work) => work() }
}
