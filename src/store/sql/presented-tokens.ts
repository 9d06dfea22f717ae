import { Cached } from '../../kit/cached.ts'
import type { Db, Row } from '../engine/db.ts'
import { cached } from '../engine/query.ts'
import type { PresentedToken, PresentedTokens } from '../nouns/presented-tokens.ts'
import { joinOpenChain, notEnded } from './alive.ts'
import { parse, parseShared } from './columns.ts'
import { LIVE_CHAIN, type Linked, linked } from './live-chain.ts'

// One statement for both kinds, so that every token costs the same work, found or not. It does not compare `expires_at`, so that the answer can
// be cached.
const LIVE = cached<PresentedToken | undefined, Linked>({
  ...linked(`
  select 'access' as kind, coalesce(t.scopes, c.scopes) as token_scopes, t.audience, t.created_at, t.expires_at,
      c.auth_time, null as context, t.cnf, ${LIVE_CHAIN}
    from access_tokens t ${joinOpenChain('t')}
    where t.digest = $1 and ${notEnded('t')}
  union all
  select 'refresh', r.scopes, null, r.created_at,
      case when r.idle_expires_at < r.expires_at then r.idle_expires_at else r.expires_at end,
      r.auth_time, r.context, r.cnf, ${LIVE_CHAIN}
    from refresh_tokens r ${joinOpenChain('r')}
    where r.digest = $1 and r.rotated_at is null`),
  make: ([row], links) => links?.live && read(row!, links.live),
  tables: ['access_tokens', 'chains'],
  max: 12_000,
  // Refresh tokens change with every use, and are seldom introspected.
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

function read(row: Row, chain: PresentedToken['chain']): PresentedToken {
  return {
    kind: row.kind as PresentedToken['kind'],
    chain,
    scopes: parseShared(row.token_scopes),
    audience: row.audience as string | null,
    createdAt: row.created_at as number,
    expiresAt: row.expires_at as number,
    authTime: row.auth_time as number | null,
    context: row.context === null ? undefined : parse<PresentedToken['context']>(row.context),
    cnf: row.cnf as string | null,
    description: new Cached(),
  }
}
