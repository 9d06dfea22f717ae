import type { Db, Step } from '../engine/db.ts'
import type { App } from '../nouns/apps.ts'
import type { Chain } from '../nouns/chains.ts'
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
    async findEnd(uid) {
      const row = await db.one('select ended_at, ended_reason from chains where uid = $1 and ended_at is not null', [
        uid,
      ])
      return row && { at: row.ended_at as number, reason: row.ended_reason as string }
    },
  }
}
