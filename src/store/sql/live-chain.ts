import type { Row } from '../engine/db.ts'
import { cached, type Link } from '../engine/query.ts'
import type { LiveChain } from '../nouns/chains.ts'
import { joinLiveInstall, liveApp } from './alive.ts'
import { parse } from './columns.ts'

/** What a chain hangs on: an install with its app, business and person, or only an app. */
export interface Linked {
  /** The app, live or not. */
  appUid: string
  /** Undefined when any of it has ended. */
  live: LiveChain | undefined
}

/**
 * The columns of a chain `c` that lead to what it hangs on. An app's own chain has no staff membership. A query for `linked` must select
 * them.
 */
export const LIVE_CHAIN =
  "coalesce(c.install_uid, c.app_uid) as chain_anchor, coalesce(c.staff_uid, '') as chain_staff_uid"

const COLUMNS = ['live_app', 'staff_uid', 'person_uid', 'business_uid', 'directory_uid'] as const

/** Selects an install with a staff membership, or only an app. Left joins leave out what has ended, so that the app is still found. */
const linksOf = (anchor: string, staffUid: string) => `
    select i.uid as linked_install, i.app_uid as chain_app_uid, i.ended_at as install_ended_at,
      a.uid as live_app, a.client_id, a.code_name, a.directory_uid as app_directory_uid, a.business_uid as app_business_uid,
      a.protocol, a.origin as app_origin, a.scopes as app_scopes, a.redirect_uri as app_redirect_uri,
      s.uid as staff_uid, s.role, p.uid as person_uid, p.email, p.email_verified, p.name, p.profile,
      b.uid as business_uid, b.name as business_name, d.uid as directory_uid, d.host as brand_host, d.theme as theme_json
    from installs i ${joinLiveInstall('left join', staffUid)}
    where i.uid = ${anchor}
  union all
    select null, a.uid, null, a.uid, a.client_id, a.code_name, a.directory_uid, a.business_uid, a.protocol, a.origin, a.scopes,
      a.redirect_uri,
      null, null, null, null, null, null, null, null, null, null, null, null
    from apps a where a.uid = ${anchor} and ${staffUid} = '' and ${liveApp('a')}`

const LINKS = cached<Linked>({
  sql: linksOf('$1', '$2'),
  tables: ['installs', 'apps', 'staff', 'people', 'businesses', 'directories'],
  max: 5000,
  make: ([row]) => readLinked(row!),
})

/** Returns the statement for one row with the columns of `LIVE_CHAIN`, and its link to what the chain hangs on. */
export function linked(sql: string): { sql: string; link: Link<Linked> } {
  const links = linksOf('r.chain_anchor', 'r.chain_staff_uid')
  const joined = `select r.*, l.* from (${sql}) r left join lateral (select 1 as found, e.* from (${links}) e) l on true`
  return { sql, link: { to: LINKS, by: ['chain_anchor', 'chain_staff_uid'], joined } }
}

function readLinked(row: Row): Linked {
  const appUid = row.chain_app_uid as string
  if (row.linked_install === null) return { appUid, live: readLive(row, undefined) }
  const isLive = row.install_ended_at === null && COLUMNS.every((column) => row[column] !== null)
  return { appUid, live: isLive ? readLive(row, readPrincipal(row)) : undefined }
}

function readLive(row: Row, principal: LiveChain['principal']): LiveChain {
  return {
    appUid: row.chain_app_uid as string,
    clientId: row.client_id as string,
    codeName: row.code_name as string,
    appDirectoryUid: row.app_directory_uid as string | null,
    appBusinessUid: row.app_business_uid as string | null,
    protocol: parse<LiveChain['protocol']>(row.protocol),
    appOrigin: row.app_origin as LiveChain['appOrigin'],
    appScopes: parse<string[]>(row.app_scopes),
    redirectUri: row.app_redirect_uri as string,
    principal,
  }
}

function readPrincipal(row: Row): NonNullable<LiveChain['principal']> {
  return {
    staffUid: row.staff_uid as string,
    role: row.role as string,
    personUid: row.person_uid as string,
    email: row.email as string,
    emailVerified: row.email_verified === 1,
    name: row.name as string,
    profileJson: row.profile as string | null,
    businessUid: row.business_uid as string,
    businessName: row.business_name as string,
    directoryUid: row.directory_uid as string,
    brandHost: row.brand_host as string,
    themeJson: row.theme_json as string,
  }
}
