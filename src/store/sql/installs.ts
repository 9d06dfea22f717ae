import type { Db, Step } from '../engine/db.ts'
import type { Consent, Install, Installs, ListedInstall } from '../nouns/installs.ts'
import { joinLiveBusiness, notEnded } from './alive.ts'
import { camel, json, parse } from './columns.ts'
import { eventStep } from './events.ts'

/**
 * Records a business's yes, or widens the scopes of the one it gave before; returns its uid. Given a basis it touches no row unless the
 * install that was there is still there as it was, or there still is none: what has been disconnected must not come back by itself. How wide
 * an install is, no token tells.
 */
export function installStep(install: Install, basis?: { install: Install | undefined }): Step {
  if (basis?.install) {
    return {
      sql: `update installs set scopes = $2, changed_at = $3 where uid = $1 and ended_at is null and scopes = $4 returning uid`,
      params: [basis.install.uid, json(install.scopes), install.changedAt, json(basis.install.scopes)],
      must: true,
      keepsCache: true,
    }
  }
  const otherwise = basis ? 'do nothing' : 'do update set scopes = excluded.scopes, changed_at = excluded.changed_at'
  return {
    sql: `insert into installs (uid, app_uid, business_uid, scopes, installed_by, created_at, changed_at)
      values ($1, $2, $3, $4, $5, $6, $6)
      on conflict (business_uid, app_uid) where ended_at is null ${otherwise}
      returning uid`,
    must: true,
    keepsCache: true,
    params: [
      install.uid,
      install.appUid,
      install.businessUid,
      json(install.scopes),
      install.installedBy,
      install.createdAt,
    ],
  }
}

/** Keeps a person's yes, bound to the live install it was given for. */
export function consentStep(consent: Omit<Consent, 'installUid'>, at: number): Step {
  return {
    sql: `insert into consents (person_uid, app_uid, business_uid, install_uid, scopes, created_at, changed_at)
      select $1, app_uid, business_uid, uid, $4, $5, $5 from installs
        where app_uid = $2 and business_uid = $3 and ended_at is null
      on conflict (person_uid, app_uid, business_uid)
        do update set install_uid = excluded.install_uid, scopes = excluded.scopes, changed_at = excluded.changed_at`,
    params: [consent.personUid, consent.appUid, consent.businessUid, json(consent.scopes), at],
  }
}

export function installs(db: Db): Installs {
  return {
    async findLive(appUid, businessUid) {
      const sql = `select * from installs i where i.business_uid = $2 and i.app_uid = $1 and ${notEnded('i')}`
      const row = await db.one(sql, [appUid, businessUid])
      return row && { ...camel<Install>(row), scopes: parse<string[]>(row.scopes) }
    },
    async findConsent(personUid, appUid, businessUid) {
      const row = await db.one('select * from consents where person_uid = $1 and app_uid = $2 and business_uid = $3', [
        personUid,
        appUid,
        businessUid,
      ])
      return row && { ...camel<Consent>(row), scopes: parse<string[]>(row.scopes) }
    },
    async list({ appUid, businessUid }) {
      const columns = { app_uid: appUid, business_uid: businessUid }
      const asked = Object.entries(columns).flatMap(([name, value]) => (value === undefined ? [] : [{ name, value }]))
      const rows = await db.all(
        `select i.uid, i.app_uid, i.business_uid, i.scopes, i.installed_by, i.created_at, i.changed_at,
            a.code_name as app_code_name, b.name as business_name
          from installs i
          join apps a on a.uid = i.app_uid and ${notEnded('a')}
          ${joinLiveBusiness('i')}
          where ${notEnded('i')}${asked.map(({ name }, index) => ` and i.${name} = $${index + 1}`).join('')}
          order by i.created_at, i.uid`,
        asked.map(({ value }) => value),
      )
      return rows.map((row) => ({ ...camel<ListedInstall>(row), scopes: parse<string[]>(row.scopes) }))
    },
    async end(uid, at, reason, event) {
      const sql = 'update installs set ended_at = $2, ended_reason = $3 where uid = $1 and ended_at is null'
      const rows = await db.write([
        { sql, params: [uid, at, reason], must: true },
        { sql: 'delete from consents where install_uid = $1', params: [uid] },
        eventStep(event),
      ])
      return rows !== undefined
    },
  }
}
