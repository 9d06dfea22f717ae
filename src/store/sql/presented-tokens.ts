import { Cached } from '../../kit/cached.ts'
import type { Db, Row } from '../engine/db.ts'
import { cached } from '../engine/query.ts'
import type { PresentedToken, PresentedTokens } from '../nouns/presented-tokens.ts'
import { APP_LIVES } from './app-tokens.ts'
import { parse } from './columns.ts'
import { LINKING, type Linked, linked } from './links.ts'

// One statement for all kinds, so that every token costs the same work, found or not. It says nothing of the time a token ends at, so
// that the answer can be kept.
const LIVE = cached<PresentedToken | undefined, Linked>({
  ...linked(`
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
    where r.digest = $1 and r.rotated_at is null`),
  make: ([row], links) => read(row!, links),
  tables: ['access_tokens', 'chains'],
  max: 16_000,
  // The others rest on tables that change with every use, and are asked about seldom.
  keeps: (row) => row.kind === 'access',
})

export function presentedTokens(db: Db): PresentedTokens {
  return {
    async findLive(digest, now) {
      const found = await db.ask(LIVE, [digest])
      return found && found.expiresAt > now ? found : undefined
    },
  }
}

function read(row: Row, links: Linked | undefined): PresentedToken | undefined {
  const app = row.kind === 'app' ? ownApp(row) : links?.live
  return (
    app && {
      kind: row.kind as PresentedToken['kind'],
      app,
      holder: links?.live?.holder,
      scopes: parse<string[]>(row.token_scopes),
      audience: row.audience as string | null,
      createdAt: row.created_at as number,
      expiresAt: row.expires_at as number,
      authTime: row.auth_time as number | null,
      facts: row.facts === null ? undefined : parse<PresentedToken['facts']>(row.facts),
      description: new Cached(),
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
