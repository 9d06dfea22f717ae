import { newOrderedUid } from '../../kit/id.ts'
import type { Db, Step } from '../engine/db.ts'
import type { App } from '../nouns/apps.ts'
import type { Chain, Chains } from '../nouns/chains.ts'
import { joinLiveInstall, notEnded } from './alive.ts'
import { bit, json } from './columns.ts'
import { endOne, finding } from './verbs.ts'

/**
 * Begins a chain under the live install. Touches no row unless the staff membership, its person, the business, its directory and the app are
 * alive, and the app, when given, still has its name, trust, scopes, redirect URIs, settings and key URL: what was checked when the page was
 * shown is checked again in the write. With `locksApp`, a change of the app that is being written is awaited and seen; only PostgreSQL knows
 * such a lock, and only it writes two things at once.
 */
export function chainStep(chain: Omit<Chain, 'installUid'>, app?: App, locksApp = false): Step {
  const isSame = app
    ? 'and a.name = $13 and a.trusted = $8 and a.scopes = $9 and a.redirect_uris = $10 and a.protocol = $11 and a.jwks_uri is not distinct from $12'
    : ''
  return {
    sql: `insert into chains (uid, install_uid, staff_uid, scopes, created_at, auth_time)
      select $1, i.uid, s.uid, $5, $6, $7
        from installs i ${joinLiveInstall('join', '$2')}
        where i.app_uid = $3 and i.business_uid = $4 and ${notEnded('i')} ${isSame} ${locksApp ? 'for share of a' : ''}`,
    params: [
      ...[chain.uid, chain.staffUid, chain.appUid, chain.businessUid, json(chain.scopes), chain.createdAt],
      chain.authTime ?? null,
      ...(app
        ? [bit(app.trusted), json(app.scopes), json(app.redirectUris), json(app.protocol), app.jwksUri, app.name]
        : []),
    ],
    must: true,
  }
}

/** Begins the app's own chain unless it has one. Each of its tokens has its own scopes. */
export function appChainStep(appUid: string, at: number): Step {
  return {
    sql: `insert into chains (uid, app_uid, scopes, created_at) values ($1, $2, '[]', $3)
      on conflict (app_uid) where app_uid is not null and ended_at is null do nothing`,
    params: [newOrderedUid(at), appUid, at],
  }
}

export function chains(db: Db): Chains {
  const endingBy = (key: string): Chains['end'] => {
    const sql = `update chains set ended_at = $2, ended_reason = $3 where ${key} = $1 and ended_at is null`
    return (value, at, reason, event) => endOne(db, sql, [value, at, reason], event)
  }
  return {
    end: endingBy('uid'),
    endOfApp: endingBy('app_uid'),
    findEnd: finding(
      db,
      (row) => ({ at: row.ended_at as number, reason: row.ended_reason as string }),
      'select ended_at, ended_reason from chains where uid = $1 and ended_at is not null',
    ),
  }
}
