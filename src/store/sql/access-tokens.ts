import { Cached } from '../../kit/cached.ts'
import type { Db, Step } from '../engine/db.ts'
import { cached } from '../engine/query.ts'
import type { AccessToken, AccessTokens, LiveToken } from '../nouns/access-tokens.ts'
import { joinOpenChain, liveApp, notEnded } from './alive.ts'
import { appChainStep } from './chains.ts'
import { json, parse } from './columns.ts'
import { ending } from './ending.ts'
import { eventStep } from './events.ts'
import { LINKING, type Linked, linked } from './live-chain.ts'

const COLUMNS = 'digest, scopes, created_at, expires_at, audience, claims, cnf, chain_uid'
// Written once: a statement whose text is made for every request is looked up letter by letter.
const ADD = `insert into access_tokens (${COLUMNS}) values ($1, $2, $3, $4, $5, $6, $7, $8)`
const ADD_FOR_APP = `insert into access_tokens (${COLUMNS})
  select $1, $2, $3, $4, $5, $6, $7, c.uid from apps a
    join chains c on c.app_uid = a.uid and ${notEnded('c')}
    where a.uid = $8 and ${liveApp('a')} and a.scopes = $9 and a.protocol = $10`

function valuesOf(token: Omit<AccessToken, 'chainUid'>) {
  const { digest, scopes, createdAt, expiresAt, audience, claims, cnf } = token
  return [digest, scopes && json(scopes), createdAt, expiresAt, audience ?? null, claims ?? null, cnf ?? null]
}

export function tokenStep(token: AccessToken): Step {
  return { sql: ADD, params: [...valuesOf(token), token.chainUid] }
}

/** Says nothing of the time it ends at, so that the answer can be kept. */
const LIVE = cached<LiveToken | undefined, Linked>({
  ...linked(`select t.chain_uid, coalesce(t.scopes, c.scopes) as scopes, t.created_at, t.expires_at, t.audience, t.claims, t.cnf, ${LINKING}
    from access_tokens t ${joinOpenChain('t')}
    where t.digest = $1 and ${notEnded('t')}`),
  make: ([row], links) =>
    links?.live && {
      chainUid: row!.chain_uid as string,
      scopes: parse<string[]>(row!.scopes),
      createdAt: row!.created_at as number,
      expiresAt: row!.expires_at as number,
      audience: row!.audience as string | null,
      claims: row!.claims as string | null,
      cnf: row!.cnf as string | null,
      chain: links.live,
      claimsJson: new Cached(),
    },
  tables: ['access_tokens', 'chains'],
  max: 16_000,
})

export function accessTokens(db: Db): AccessTokens {
  return {
    async addForApp(token, app, event) {
      const params = [...valuesOf(token), app.uid, json(app.scopes), json(app.protocol)]
      const steps = [{ sql: ADD_FOR_APP, params, must: true }, eventStep(event)]
      if (await db.write(steps)) return true
      // The app was changed, or this is the first token on its own chain.
      return (await db.write([appChainStep(app.uid, token.createdAt), ...steps])) !== undefined
    },
    async findLive(digest, now) {
      const found = await db.ask(LIVE, [digest])
      return found && found.expiresAt > now ? found : undefined
    },
    end: ending(db, 'access_tokens', 'digest'),
    async recordUse(uses, notWithin = 0) {
      // In one order everywhere, so that two servers never wait for each other's rows; and never back in time.
      const inOrder = uses.toSorted((a, b) => (a.digest < b.digest ? -1 : 1))
      const steps = inOrder.map(({ digest, at }) => ({
        sql: `update access_tokens set last_used_at = $2
          where digest = $1 and (last_used_at is null or (last_used_at < $2 and last_used_at <= $3))`,
        params: [digest, at, at - notWithin],
        keepsCache: true,
      }))
      if (steps.length > 0) await db.write(steps)
    },
    async findLastUsed(digest) {
      const row = await db.one('select last_used_at from access_tokens where digest = $1', [digest])
      return row ? (row.last_used_at as number | null) : undefined
    },
  }
}
