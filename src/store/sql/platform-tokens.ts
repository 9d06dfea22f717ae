import type { Db } from '../engine/db.ts'
import type { PlatformToken, PlatformTokens } from '../nouns/platform-tokens.ts'
import { livePlatformToken } from './alive.ts'
import { camel } from './columns.ts'
import { eventStep } from './events.ts'
import { table } from './table.ts'
import { ending, finding, listing } from './verbs.ts'

const PLATFORM_TOKENS = table<PlatformToken>('platform_tokens', 'digest, uid, kind, directory_uid, name, created_at')
const FIND_LIVE = `select t.* from platform_tokens t where t.digest = $1 and ${livePlatformToken('t')}`
const LIST = `select t.uid, t.kind, t.directory_uid, t.name, t.created_at, coalesce(t.ended_at, d.ended_at) as ended_at
  from platform_tokens t left join directories d on d.uid = t.directory_uid
  order by t.created_at, t.uid`

export function platformTokens(db: Db): PlatformTokens {
  const [endByUid, endByDigest] = [ending(db, 'platform_tokens'), ending(db, 'platform_tokens', 'digest')]
  return {
    async add(token, event) {
      await db.write([PLATFORM_TOKENS.add(token), eventStep(event)])
    },
    findLive: finding(db, camel<PlatformToken>, FIND_LIVE),
    list: listing(db, camel<Omit<PlatformToken, 'digest'> & { endedAt: number | null }>, LIST),
    end: (selector, at, event) =>
      'uid' in selector ? endByUid(selector.uid, at, event) : endByDigest(selector.digest, at, event),
  }
}
