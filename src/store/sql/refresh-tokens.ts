import type { Db, Param, Row, Step } from '../engine/db.ts'
import type { Query } from '../engine/query.ts'
import type { AccessToken } from '../nouns/access-tokens.ts'
import type { Minted } from '../nouns/codes.ts'
import type { Event } from '../nouns/events.ts'
import type { IssuedRefreshToken, RefreshToken, RefreshTokens } from '../nouns/refresh-tokens.ts'
import { tokenStep } from './access-tokens.ts'
import { onOpenChain } from './alive.ts'
import { LIVE_CHAIN, type Linked, linked } from './live-chain.ts'
import { table } from './table.ts'
import { isWritten } from './verbs.ts'

const REFRESH_TOKENS = table<RefreshToken>(
  'refresh_tokens',
  'digest, chain_uid, scopes json, auth_time, context json, cnf, created_at, idle_expires_at, expires_at',
)

const refreshTokenStep: (token: RefreshToken) => Step = REFRESH_TOKENS.add

/** Stores the tokens that a code is redeemed for. */
export function mintedSteps({ access, refresh }: Minted): Step[] {
  return [tokenStep(access), ...(refresh ? [refreshTokenStep(refresh)] : [])]
}

/** Finds a refresh token, with its successor if it was replaced, even after what it hangs on has ended. */
const FIND: Query<IssuedRefreshToken | undefined, Linked> = {
  ...linked(`select r.*, n.rotated_at as next_rotated_at, n.repeats as next_repeats,
      case when n.idle_expires_at < n.expires_at then n.idle_expires_at else n.expires_at end as next_ends_at,
      c.ended_at as chain_ended_at, ${LIVE_CHAIN}
    from refresh_tokens r
    join chains c on c.uid = r.chain_uid
    left join refresh_tokens n on n.digest = r.successor_digest
    where r.digest = $1`),
  make: ([row], links) => links && read(row!, links),
}

/** The conditions of a use, checked again in the write. */
const IS_LIVE = `rotated_at is null and idle_expires_at > $2 and expires_at > $2
  and ${onOpenChain('refresh_tokens')}`

const using = (change: string, when = '') =>
  `update refresh_tokens set ${change} where digest = $1 and ${IS_LIVE} ${when}`
// Keeps `idle_expires_at`: a change would write two more entries of the index that the sweep uses.
const ROTATE = using('rotated_at = $2, successor_digest = $3')
const RENEW = using('idle_expires_at = $3')
const REPEAT = using('repeats = repeats + 1', 'and repeats < $3')

export function refreshTokens(db: Db): RefreshTokens {
  const use = (
    sql: string,
    params: readonly Param[],
    minted: { access: AccessToken; successor?: RefreshToken },
    event: Event,
  ): Promise<boolean> => {
    const successor = minted.successor ? [refreshTokenStep(minted.successor)] : []
    return isWritten(db, [{ sql, params, must: true }, ...successor, tokenStep(minted.access)], event)
  }
  return {
    find: (digest) => db.ask(FIND, [digest]),
    rotate: (digest, at, successor, access, event) =>
      use(ROTATE, [digest, at, successor.digest], { access, successor }, event),
    renew: (digest, at, idleExpiresAt, access, event) => use(RENEW, [digest, at, idleExpiresAt], { access }, event),
    repeat: (digest, at, most, access, event) => use(REPEAT, [digest, at, most], { access }, event),
  }
}

function read(row: Row, { appUid, live }: Linked): IssuedRefreshToken {
  const digest = row.successor_digest as string | null
  const successor =
    digest === null
      ? undefined
      : {
          digest,
          isUsed: row.next_rotated_at !== null,
          endsAt: row.next_ends_at as number,
          repeats: row.next_repeats as number,
        }
  return {
    ...REFRESH_TOKENS.readDeclared(row),
    rotatedAt: row.rotated_at as number | null,
    successor,
    appUid,
    principal: row.chain_ended_at === null ? live?.principal : undefined,
  }
}
