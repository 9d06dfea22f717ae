import type { Row } from '../engine/db.ts'
import { cached, type Link } from '../engine/query.ts'
import type { Links } from '../nouns/chains.ts'
import { parse } from './columns.ts'

/** What a chain hangs on beside its own row: the install, and through it the app, the business and the person. */
export interface Linked {
  /** The app, alive or not. */
  appUid: string
  /** Undefined when any of it has ended. */
  live: Links | undefined
}

/** The columns of a chain `c` by which it leads to its links. A query that ends in `linked` must select them. */
export const LINKING = 'c.install_uid, c.staff_uid as chain_staff_uid'

const COLUMNS = ['live_app', 'staff_uid', 'person_uid', 'business_uid', 'directory_uid'] as const

/** The links of an install and a staff membership. What has ended is not joined, but the app is recognised all the same. */
const linksOf = (
  installUid: string,
  staffUid: string,
) => `select i.app_uid as chain_app_uid, i.ended_at as install_ended_at,
      a.uid as live_app, a.client_id, a.code_name, a.directory_uid as app_directory_uid, a.protocol,
      a.scopes as app_scopes, a.redirect_uri as app_redirect_uri,
      s.uid as staff_uid, s.role, p.uid as person_uid, p.email, p.email_verified, p.name, p.profile,
      b.uid as business_uid, b.name as business_name, d.uid as directory_uid, d.host as brand_host, d.theme as theme_json
    from installs i
    left join apps a on a.uid = i.app_uid and a.ended_at is null
    left join staff s on s.uid = ${staffUid} and s.ended_at is null
    left join people p on p.uid = s.person_uid and p.ended_at is null
    left join businesses b on b.uid = i.business_uid and b.ended_at is null
    left join directories d on d.uid = b.directory_uid and d.ended_at is null
    where i.uid = ${installUid}`

const LINKS = cached<Linked>({
  sql: linksOf('$1', '$2'),
  tables: ['installs', 'apps', 'staff', 'people', 'businesses', 'directories'],
  max: 5000,
  make: ([row]) => readLinks(row!),
})

/** A statement for one row with the columns of `LINKING`, and its way to the links. */
export function linked(sql: string): { sql: string; link: Link<Linked> } {
  const links = linksOf('r.install_uid', 'r.chain_staff_uid')
  const joined = `select r.*, l.* from (${sql}) r left join lateral (select 1 as found, e.* from (${links}) e) l on true`
  return { sql, link: { to: LINKS, by: ['install_uid', 'chain_staff_uid'], joined } }
}

function readLinks(row: Row): Linked {
  const isLive = row.install_ended_at === null && COLUMNS.every((column) => row[column] !== null)
  return { appUid: row.chain_app_uid as string, live: isLive ? readLive(row) : undefined }
}

function readLive(row: Row): Links {
  return {
    appUid: row.chain_app_uid as string,
    clientId: row.client_id as string,
    codeName: row.code_name as string,
    appDirectoryUid: row.app_directory_uid as string | null,
    protocol: parse<Links['protocol']>(row.protocol),
    appScopes: parse<string[]>(row.app_scopes),
    redirectUri: row.app_redirect_uri as string,
    holder: {
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
    },
  }
}
