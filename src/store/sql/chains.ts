import type { Db, Row, Step } from '../db.ts'
import type { App, Chain } from '../rows.ts'
import type { Store } from '../store.ts'
import { bit, json } from './columns.ts'
import { endOne } from './events.ts'

/**
 * Begins a chain under the live install, and only if the staff membership, its person, the business, its directory and the app
 * are alive at this very moment, and the app, when given, is trusted, scoped, set and reached as it was: what was checked when the page was shown is checked again where it counts.
 */
export function chainStep(chain: Omit<Chain, 'installUid'>, app?: App): Step {
  const isSame = app
    ? 'and a.trusted = $8 and a.scopes = $9 and a.redirect_uris = $10 and a.protocol = $11 and a.jwks_uri is not distinct from $12'
    : ''
  return {
    sql: `insert into chains (uid, install_uid, staff_uid, scopes, created_at, auth_time)
      select $1, i.uid, s.uid, $5, $6, $7
        from staff s
        join people p on p.uid = s.person_uid and p.ended_at is null
        join businesses b on b.uid = s.business_uid and b.ended_at is null
        join directories d on d.uid = b.directory_uid and d.ended_at is null
        join apps a on a.uid = $2 and a.ended_at is null ${isSame}
        join installs i on i.app_uid = a.uid and i.business_uid = b.uid and i.ended_at is null
        where s.uid = $4 and s.business_uid = $3 and s.ended_at is null`,
    params: [
      ...[chain.uid, chain.appUid, chain.businessUid, chain.staffUid, json(chain.scopes), chain.createdAt],
      chain.authTime ?? null,
      ...(app ? [bit(app.trusted), json(app.scopes), json(app.redirectUris), json(app.protocol), app.jwksUri] : []),
    ],
    must: true,
  }
}

/** The joins by which a chain `c` and its install `i` reach everything else they hang on, all of it alive. */
export const INSTALL_JOINS = `
  join apps a on a.uid = i.app_uid and a.ended_at is null
  join staff s on s.uid = c.staff_uid and s.ended_at is null
  join people p on p.uid = s.person_uid and p.ended_at is null
  join businesses b on b.uid = i.business_uid and b.ended_at is null
  join directories d on d.uid = b.directory_uid and d.ended_at is null`

/** The joins by which a chain `c` reaches everything it hangs on, all of it alive. */
export const HOLDER_JOINS = `
  join installs i on i.uid = c.install_uid and i.ended_at is null ${INSTALL_JOINS}`

/**
 * The same joins, and what they ask, for rows that have to be recognised even when nothing behind them is alive any more; `isAlive` then
 * tells whether all of it is.
 */
export const OUTER_JOINS = INSTALL_JOINS.replaceAll('join', 'left join')
export const LINK_COLUMNS =
  'c.ended_at as chain_ended_at, i.app_uid as chain_app_uid, i.ended_at as install_ended_at, a.uid as live_app'
const LINKS = ['live_app', 'staff_uid', 'person_uid', 'business_uid', 'directory_uid'] as const

export function isAlive(row: Row): boolean {
  return row.chain_ended_at === null && row.install_ended_at === null && LINKS.every((link) => row[link] !== null)
}

export const HOLDER_COLUMNS = `s.uid as staff_uid, s.role, p.uid as person_uid, p.email, p.email_verified, p.name, p.profile, b.uid as business_uid,
  b.name as business_name, d.uid as directory_uid, d.host as brand_host, d.theme as theme_json`

export function chains(db: Db): Store['chains'] {
  return {
    end: (uid, at, reason, event) =>
      endOne(
        db,
        {
          sql: 'update chains set ended_at = $2, ended_reason = $3 where uid = $1 and ended_at is null',
          params: [uid, at, reason],
        },
        event,
      ),
  }
}
