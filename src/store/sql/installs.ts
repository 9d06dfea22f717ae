import type { Db, Step } from '../engine/db.ts'
import type { Consent, Install, Installs, ListedInstall } from '../nouns/installs.ts'
import { joinLiveBusiness, notEnded } from './alive.ts'
import { conditions, json } from './columns.ts'
import { table } from './table.ts'
import { finding, isWritten } from './verbs.ts'

const INSTALLS = table<Install>(
  'installs',
  'uid, app_uid, business_uid, scopes json, installed_by, created_at, changed_at',
)
const WIDEN = `update installs set scopes = $2, changed_at = $3 where uid = $1 and ended_at is null and scopes = $4 returning uid`
const addUnless = (otherwise: string) => `${INSTALLS.into} values (${INSTALLS.places})
  on conflict (business_uid, app_uid) where ended_at is null ${otherwise} returning uid`
const ADD = addUnless('do nothing')
const ADD_OR_WIDEN = addUnless('do update set scopes = excluded.scopes, changed_at = excluded.changed_at')
const CONSENT = `insert into consents (person_uid, app_uid, business_uid, redirect_host, install_uid, scopes, created_at, changed_at)
  select $1, app_uid, business_uid, $6, uid, $4, $5, $5 from installs
    where app_uid = $2 and business_uid = $3 and ended_at is null
  on conflict (person_uid, app_uid, business_uid, redirect_host)
    do update set install_uid = excluded.install_uid, scopes = excluded.scopes, changed_at = excluded.changed_at`

/**
 * Records a business's approval, or widens the scopes of its live install. Returns the uid of the install. Given a basis, it touches no row
 * unless the install of the basis is unchanged, or there still is none: a disconnected app must not come back by itself. No cached query
 * reads the scopes of an install.
 */
export function installStep(install: Install, basis?: { install: Install | undefined }): Step {
  const was = basis?.install
  const step = was
    ? { sql: WIDEN, params: [was.uid, json(install.scopes), install.changedAt, json(was.scopes)] }
    : { sql: basis ? ADD : ADD_OR_WIDEN, params: INSTALLS.values({ ...install, changedAt: install.createdAt }) }
  return { ...step, must: true, keepsCache: true }
}

/** Stores a person's approval with the live install that it was given for. */
export function consentStep(consent: Omit<Consent, 'installUid'>, at: number): Step {
  const { personUid, appUid, businessUid, redirectHost, scopes } = consent
  return { sql: CONSENT, params: [personUid, appUid, businessUid, json(scopes), at, redirectHost] }
}

export function installs(db: Db): Installs {
  return {
    findLive: finding(
      db,
      INSTALLS.read,
      `select * from installs i where i.business_uid = $2 and i.app_uid = $1 and ${notEnded('i')}`,
    ),
    hasAny: async (appUid) =>
      (await db.one('select 1 as found from installs where app_uid = $1 limit 1', [appUid])) !== undefined,
    findConsent: finding(
      db,
      INSTALLS.read<Consent>,
      'select * from consents where person_uid = $1 and app_uid = $2 and business_uid = $3 and redirect_host = $4',
    ),
    async list({ appUid, businessUid }) {
      const given = conditions({ 'i.app_uid': appUid, 'i.business_uid': businessUid }, 1)
      const rows = await db.all(
        `select i.uid, i.app_uid, i.business_uid, i.scopes, i.installed_by, i.created_at, i.changed_at,
            a.code_name as app_code_name, b.name as business_name
          from installs i
          join apps a on a.uid = i.app_uid and ${notEnded('a')}
          ${joinLiveBusiness('i')}
          where ${notEnded('i')}${given.sql} order by i.created_at, i.uid`,
        given.params,
      )
      return rows.map((row) => INSTALLS.read<ListedInstall>(row))
    },
    end(uid, at, reason, event) {
      const sql = 'update installs set ended_at = $2, ended_reason = $3 where uid = $1 and ended_at is null'
      const ended = { sql, params: [uid, at, reason], must: true }
      return isWritten(db, [ended, { sql: 'delete from consents where install_uid = $1', params: [uid] }], event)
    },
  }
}
