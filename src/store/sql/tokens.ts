import type { Db, Step, Trail } from '../db.ts'
import type { AccessToken } from '../rows.ts'
import type { Store } from '../store.ts'
import { json, parse } from './columns.ts'
import { endOne } from './events.ts'
import { LINKED_BY, LINKING, LINKS, type Linked } from './links.ts'

export function tokenStep(token: AccessToken): Step {
  return {
    sql: 'insert into access_tokens (digest, chain_uid, scopes, created_at, expires_at, audience, claims) values ($1, $2, $3, $4, $5, $6, $7)',
    params: [
      token.digest,
      token.chainUid,
      token.scopes && json(token.scopes),
      token.createdAt,
      token.expiresAt,
      token.audience ?? null,
      token.claims ?? null,
    ],
  }
}

const LIVE: Trail<Linked> = {
  sql: `select t.chain_uid, coalesce(t.scopes, c.scopes) as scopes, t.created_at, t.expires_at, t.last_used_at, t.audience, t.claims,
      ${LINKING}
    from access_tokens t
    join chains c on c.uid = t.chain_uid and c.ended_at is null
    where t.digest = $1 and t.ended_at is null and t.expires_at > $2`,
  by: LINKED_BY,
  to: LINKS,
}

export function tokens(db: Db): Store['tokens'] {
  return {
    async findLive(digest, now) {
      const found = await db.follow(LIVE, [digest, now])
      const links = found?.end?.live
      if (!links) return undefined
      const { row } = found
      return {
        chainUid: row.chain_uid as string,
        scopes: parse<string[]>(row.scopes),
        createdAt: row.created_at as number,
        expiresAt: row.expires_at as number,
        lastUsedAt: row.last_used_at as number | null,
        audience: row.audience as string | null,
        claims: row.claims as string | null,
        links,
      }
    },
    end: (digest, at, event) =>
      endOne(
        db,
        { sql: 'update access_tokens set ended_at = $2 where digest = $1 and ended_at is null', params: [digest, at] },
        event,
      ),
    async stamp(uses) {
      // In one order everywhere, so that two servers never wait for each other's rows; and never back in time.
      const inOrder = uses.toSorted((a, b) => (a.digest < b.digest ? -1 : 1))
      const steps = inOrder.map(({ digest, at }) => ({
        sql: `update access_tokens set last_used_at = $2
          where digest = $1 and (last_used_at is null or last_used_at < $2)`,
        params: [digest, at],
      }))
      if (steps.length > 0) await db.write(steps)
    },
  }
}
