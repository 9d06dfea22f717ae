import type { Db } from '../db.ts'
import type { PresentedToken, PresentedTokens } from '../presented-tokens.ts'
import { APP_LIVES } from './app-tokens.ts'
import { HOLDER_COLUMNS, HOLDER_JOINS } from './chains.ts'
import { parse } from './columns.ts'
import { readHolder } from './tokens.ts'

const APP_COLUMNS =
  'a.uid as app_uid, a.client_id, a.code_name, a.directory_uid as app_directory_uid, a.protocol, a.redirect_uri'
const NO_HOLDER = HOLDER_COLUMNS.replaceAll(/[^,]+/g, 'null')

// One statement for all kinds, so that to ask costs the same whatever the token turns out to be.
const FIND_LIVE = `
  select 'access' as kind, ${APP_COLUMNS}, coalesce(t.scopes, c.scopes) as token_scopes, t.audience, t.created_at, t.expires_at,
      t.last_used_at, c.auth_time, null as facts, ${HOLDER_COLUMNS}
    from access_tokens t
    join chains c on c.uid = t.chain_uid and c.ended_at is null ${HOLDER_JOINS}
    where t.digest = $1 and t.ended_at is null and t.expires_at > $2
  union all
  select 'app', ${APP_COLUMNS}, u.scopes, u.audience, u.created_at, u.expires_at, null, null, null, ${NO_HOLDER}
    from app_tokens u join apps a on a.uid = u.app_uid and ${APP_LIVES}
    where u.digest = $1 and u.ended_at is null and u.expires_at > $2
  union all
  select 'refresh', ${APP_COLUMNS}, r.scopes, null, r.created_at,
      case when r.idle_expires_at < r.expires_at then r.idle_expires_at else r.expires_at end,
      null, r.auth_time, r.facts, ${HOLDER_COLUMNS}
    from refresh_tokens r
    join chains c on c.uid = r.chain_uid and c.ended_at is null ${HOLDER_JOINS}
    where r.digest = $1 and r.rotated_at is null and r.idle_expires_at > $2 and r.expires_at > $2`

export function presentedTokens(db: Db): PresentedTokens {
  return {
    async findLive(digest, now) {
      const row = await db.one(FIND_LIVE, [digest, now])
      if (!row) return undefined
      return {
        kind: row.kind as PresentedToken['kind'],
        appUid: row.app_uid as string,
        clientId: row.client_id as string,
        codeName: row.code_name as string,
        protocolJson: row.protocol as string,
        redirectUri: row.redirect_uri as string,
        appDirectoryUid: row.app_directory_uid as string | null,
        scopes: parse<string[]>(row.token_scopes),
        audience: row.audience as string | null,
        createdAt: row.created_at as number,
        expiresAt: row.expires_at as number,
        lastUsedAt: row.last_used_at as number | null,
        holder: row.kind === 'app' ? undefined : readHolder(row),
        authTime: row.auth_time as number | null,
        facts: row.facts === null ? undefined : parse<PresentedToken['facts']>(row.facts),
      }
    },
  }
}
