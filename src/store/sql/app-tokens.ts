import type { Db } from '../engine/db.ts'
import type { AppTokens, LiveAppToken } from '../nouns/app-tokens.ts'
import { camel, json, parse } from './columns.ts'
import { endOne, eventStep } from './events.ts'

/** Whether an app `a` is alive, with the directory that owns it. */
export const APP_LIVES = `a.ended_at is null
  and not exists (select 1 from directories o where o.uid = a.directory_uid and o.ended_at is not null)`

// Put together once: a text that is made anew for every request is looked up anew, letter by letter.
const ADD = `insert into app_tokens (digest, app_uid, scopes, audience, created_at, expires_at)
  select $1, a.uid, $3, $4, $5, $6 from apps a
    where a.uid = $2 and ${APP_LIVES} and a.scopes = $7 and a.protocol = $8`
const FIND_LIVE = `select u.digest, u.app_uid, u.scopes, u.audience, u.created_at, u.expires_at, a.client_id
  from app_tokens u join apps a on a.uid = u.app_uid and ${APP_LIVES}
  where u.digest = $1 and u.ended_at is null and u.expires_at > $2`

export function appTokens(db: Db): AppTokens {
  return {
    async add(token, app, event) {
      const step = {
        sql: ADD,
        params: [
          ...[token.digest, token.appUid, json(token.scopes), token.audience, token.createdAt, token.expiresAt],
          ...[json(app.scopes), json(app.protocol)],
        ],
        must: true,
      }
      return (await db.write([step, eventStep(event)])) !== undefined
    },
    async findLive(digest, now) {
      const row = await db.one(FIND_LIVE, [digest, now])
      return row && { ...camel<LiveAppToken>(row), scopes: parse<string[]>(row.scopes) }
    },
    end: (digest, at, event) =>
      endOne(
        db,
        { sql: 'update app_tokens set ended_at = $2 where digest = $1 and ended_at is null', params: [digest, at] },
        event,
      ),
  }
}
