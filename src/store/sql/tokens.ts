import type { Db, Row, Step } from '../db.ts'
import type { AccessToken, Holder } from '../rows.ts'
import type { Store } from '../store.ts'
import { HOLDER_COLUMNS, HOLDER_JOINS } from './chains.ts'
import { json, parse } from './columns.ts'
import { endOne } from './events.ts'

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

export function readHolder(row: Row): Holder {
  return {
    staffUid: row.staff_uid as string,
    role: row.role as string,
    personUid: row.person_uid as string,
    email: row.email as string,
    emailVerified: row.email_verified === 1,
    name: row.name as string,
    profileJson: row.profile as string | null,
    businessUid: row.business_uid as string,
    businessName: row.business_name as string,
    directoryUid: row.directory_uid as string,
    brandHost: row.brand_host as string,
    themeJson: row.theme_json as string,
  }
}

const FIND_LIVE = `select t.chain_uid, a.uid as app_uid, a.client_id, coalesce(t.scopes, c.scopes) as scopes, t.created_at, t.expires_at, t.last_used_at, t.audience, t.claims, a.protocol, a.redirect_uri,
    ${HOLDER_COLUMNS}
  from access_tokens t
  join chains c on c.uid = t.chain_uid and c.ended_at is null ${HOLDER_JOINS}
  where t.digest = $1 and t.ended_at is null and t.expires_at > $2`

export function tokens(db: Db): Store['tokens'] {
  return {
    async findLive(digest, now) {
      const row = await db.one(FIND_LIVE, [digest, now])
      if (!row) return undefined
      return {
        ...readHolder(row),
        chainUid: row.chain_uid as string,
        appUid: row.app_uid as string,
        clientId: row.client_id as string,
        scopes: parse<string[]>(row.scopes),
        createdAt: row.created_at as number,
        expiresAt: row.expires_at as number,
        lastUsedAt: row.last_used_at as number | null,
        audience: row.audience as string | null,
        claims: row.claims as string | null,
        protocolJson: row.protocol as string,
        redirectUri: row.redirect_uri as string,
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
