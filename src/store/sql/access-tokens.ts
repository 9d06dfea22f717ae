import { Cached } from '../../kit/cached.ts'
import type { Db, Step } from '../engine/db.ts'
import { cached } from '../engine/query.ts'
import type { AccessToken, AccessTokens, LiveToken } from '../nouns/access-tokens.ts'
import { joinOpenChain, liveApp, notEnded } from './alive.ts'
import { appChainStep } from './chains.ts'
import { json, parseShared } from './columns.ts'
import { LIVE_CHAIN, type Linked, linked } from './live-chain.ts'
import { table } from './table.ts'
import { ending, finding, isWritten } from './verbs.ts'

const ACCESS_TOKENS = table<AccessToken>(
  'access_tokens',
  'digest, scopes json, created_at, expires_at, audience, claims, cnf, chain_uid',
)
// The chain of the app takes the place of `chain_uid`, which is the last column.
const ADD_FOR_APP = `${ACCESS_TOKENS.into}
  select $1, $2, $3, $4, $5, $6, $7, c.uid from apps a
    join chains c on c.app_uid = a.uid and ${notEnded('c')}
    where a.uid = $8 and ${liveApp('a')} and a.scopes = $9 and a.protocol = $10`
const RECORD_USE = `update access_tokens set last_used_at = $2
  where digest = $1 and (last_used_at is null or (last_used_at < $2 and last_used_at <= $3))`

export const tokenStep: (token: AccessToken) => Step = ACCESS_TOKENS.add

/** Does not compare `expires_at`, so that the answer can be cached. */
const LIVE = cached<LiveToken | undefined, Linked>({
  ...linked(`select t.chain_uid, coalesce(t.scopes, c.scopes) as scopes, t.created_at, t.expires_at, t.audience, t.claims, t.cnf, ${LIVE_CHAIN}
    from access_tokens t ${joinOpenChain('t')}
    where t.digest = $1 and ${notEnded('t')}`),
  make: ([row], links) =>
    links?.live && {
      chainUid: row!.chain_uid as string,
      scopes: parseShared(row!.scopes),
      createdAt: row!.created_at as number,
      expiresAt: row!.expires_at as number,
      audience: row!.audience as string | null,
      claims: row!.claims as string | null,
      cnf: row!.cnf as string | null,
      chain: links.live,
      claimsJson: new Cached(),
    },
  tables: ['access_tokens', 'chains'],
  max: 12_000,
})

export function accessTokens(db: Db): AccessTokens {
  return {
    async addForApp(token, app, event) {
      const values = ACCESS_TOKENS.values({ ...token, chainUid: app.uid })
      const step = { sql: ADD_FOR_APP, params: [...values, json(app.scopes), json(app.protocol)], must: true }
      if (await isWritten(db, [step], event)) return true
      // The app was changed, or this is the first token on its own chain.
      return isWritten(db, [appChainStep(app.uid, token.createdAt), step], event)
    },
    async findLive(digest, now) {
      const found = await db.ask(LIVE, [digest])
      return found && found.expiresAt > now ? found : undefined
    },
    end: ending(db, 'access_tokens', 'digest'),
    async recordUse(uses, notWithin = 0) {
      // All servers write in one order, so that two never wait for each other's rows.
      const inOrder = uses.toSorted((a, b) => (a.digest < b.digest ? -1 : 1))
      const steps = inOrder.map(({ digest, at }) => ({
        sql: RECORD_USE,
        params: [digest, at, at - notWithin],
        keepsCache: true,
      }))
      if (steps.length > 0) await db.write(steps)
    },
    findLastUsed: finding(
      db,
      (row) => row.last_used_at as number | null,
      'select last_used_at from access_tokens where digest = $1',
    ),
  }
}
