import { Memo } from '../../kit/memo.ts'
import type { Db, Row, Trail } from '../engine/db.ts'
import type { PresentedToken, PresentedTokens } from '../nouns/presented-tokens.ts'
import { APP_LIVES } from './app-tokens.ts'
import { parse } from './columns.ts'
import { LINKED_BY, LINKING, LINKS, type Linked } from './links.ts'

// One statement for all kinds, so that the same is asked whatever the token turns out to be. Whether its time is over is for the asker to
// see, so that the answer lasts.
const LIVE: Trail<PresentedToken | undefined, Linked> = {
  sql: `
  select 'access' as kind, coalesce(t.scopes, c.scopes) as token_scopes, t.audience, t.created_at, t.expires_at,
      c.auth_time, null as facts, ${LINKING},
      null as own_app, null as own_client_id, null as own_code_name, null as own_directory, null as own_protocol,
      null as own_scopes, null as own_redirect_uri
    from access_tokens t
    join chains c on c.uid = t.chain_uid and c.ended_at is null
    where t.digest = $1 and t.ended_at is null
  union all
  select 'app', u.scopes, u.audience, u.created_at, u.expires_at, null, null, null, null,
      a.uid, a.client_id, a.code_name, a.directory_uid, a.protocol, a.scopes, a.redirect_uri
    from app_tokens u join apps a on a.uid = u.app_uid and ${APP_LIVES}
    where u.digest = $1 and u.ended_at is null
  union all
  select 'refresh', r.scopes, null, r.created_at,
      case when r.idle_expires_at < r.expires_at then r.idle_expires_at else r.expires_at end,
      r.auth_time, r.facts, ${LINKING}, null, null, null, null, null, null, null
    from refresh_tokens r
    join chains c on c.uid = r.chain_uid and c.ended_at is null
    where r.digest = $1 and r.rotated_at is null`,
  by: LINKED_BY,
  to: LINKS,
  make: read,
  // Refresh tokens change with every use, and what is no access token is asked about seldom.
  remembered: { rowsOf: ['access_tokens', 'chains'], most: 16_000, fits: (row) => row.kind === 'access' },
}

export function presentedTokens(db: Db): PresentedTokens {
  return {
    async findLive(digest, now) {
      const found = await db.follow(LIVE, [digest])
      return found && found.expiresAt > now ? found : undefined
    },
  }
}

function read(row: Row, end: Linked | undefined): PresentedToken | undefined {
  const app = row.kind === 'app' ? ownApp(row) : end?.live
  return (
    app && {
      kind: row.kind as PresentedToken['kind'],
      app,
      holder: end?.live?.holder,
      scopes: parse<string[]>(row.token_scopes),
      audience: row.audience as string | null,
      createdAt: row.created_at as number,
      expiresAt: row.expires_at as number,
      authTime: row.auth_time as number | null,
      facts: row.facts === null ? undefined : parse<PresentedToken['facts']>(row.facts),
      memo: new Memo(),
    }
  )
}

function ownApp(row: Row): PresentedToken['app'] {
  return {
    appUid: row.own_app as string,
    clientId: row.own_client_id as string,
    codeName: row.own_code_name as string,
    appDirectoryUid: row.own_directory as string | null,
    protocol: parse<PresentedToken['app']['protocol']>(row.own_protocol),
    appScopes: parse<string[]>(row.own_scopes),
    redirectUri: row.own_redirect_uri as string,
  }
}
