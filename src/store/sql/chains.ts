import { newOrderedUid } from '../../kit/id.ts'
import type { Db, Step } from '../engine/db.ts'
import type { App } from '../nouns/apps.ts'
import type { Chain, Chains } from '../nouns/chains.ts'
import { joinLiveInstall, notEnded } from './alive.ts'
import { bit, json } from './columns.ts'
import { endingFor } from './ending.ts'

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
        from installs i ${joinLiveInstall('join', '$2')}
        where i.app_uid = $3 and i.business_uid = $4 and ${notEnded('i')} ${isSame}`,
    params: [
      ...[chain.uid, chain.staffUid, chain.appUid, chain.businessUid, json(chain.scopes), chain.createdAt],
      chain.authTime ?? null,
      ...(app ? [bit(app.trusted), json(app.scopes), json(app.redirectUris), json(app.protocol), app.jwksUri] : []),
    ],
    must: true,
  }
}

/** Begins the app's own chain, unless it has one. Its tokens name their scopes themselves. */
export function appChainStep(appUid: string, at: number): Step {
  return {
    sql: `insert into chains (uid, app_uid, scopes, created_at) values ($1, $2, '[]', $3)
      on conflict (app_uid) where app_uid is not null and ended_at is null do nothing`,
    params: [newOrderedUid(at), appUid, at],
  }
}

export function chains(db: Db): Chains {
  return {
    end: endingFor(db, 'chains'),
    endOfApp: endingFor(db, 'chains', 'app_uid'),
    async findEnd(uid) {
      const row = await db.one('select ended_at, ended_reason from chains where uid = $1 and ended_at is not null', [
        uid,
      ])
      return row && { at: row.ended_at as number, reason: row.ended_reason as string }
    },
  }
}
