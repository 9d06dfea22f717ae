import { sameText } from '../../kit/digest.ts'
import { uriKey } from '../../kit/uri-key.ts'
import type { Db } from '../engine/db.ts'
import { cached } from '../engine/query.ts'
import type { ResourceServer, ResourceServers } from '../nouns/resources.ts'
import { liveResource, notEnded } from './alive.ts'
import { conditions } from './columns.ts'
import { table } from './table.ts'
import { ending, endOne, finding, isWritten } from './verbs.ts'

const RESOURCES = table<ResourceServer & { identifierKey?: string }>(
  'resources',
  'uid, identifier, identifier_key, directory_uid, created_at',
  'name, scopes json, token_format, token_lifetime, token_claims json, token_typ, secret_digest',
)
const read = RESOURCES.read<ResourceServer>
const COLUMNS = `r.uid, r.identifier, r.name, r.directory_uid, r.scopes, r.token_format, r.token_lifetime, r.token_claims, r.token_typ,
  r.secret_digest, r.created_at, r.ended_at`

const ADD = `${RESOURCES.into} select ${RESOURCES.places}`

/** Every introspection by an API begins with this. */
const BY_UID = cached<ResourceServer>({
  sql: `select ${COLUMNS} from resources r where r.uid = $1 and ${liveResource('r')}`,
  tables: ['resources', 'directories'],
  max: 2000,
  make: ([row]) => read(row!),
})

export function resources(db: Db): ResourceServers {
  const findByKey = finding(
    db,
    read,
    `select ${COLUMNS} from resources r where r.identifier_key = $1 and ${liveResource('r')}`,
  )
  return {
    async add(resource, isShared, event) {
      const { identifier, directoryUid } = resource
      const key = uriKey(identifier)
      const identifierKey = isShared ? `${key} ${directoryUid ?? 'platform'}` : key
      const sql = directoryUid === null ? ADD : `${ADD} from directories d where d.uid = $4 and ${notEnded('d')}`
      return (await endOne(db, sql, RESOURCES.values({ ...resource, identifierKey }), event)) ? resource : undefined
    },
    find: finding(db, read, `select ${COLUMNS} from resources r where r.uid = $1`),
    findLive: (identifier) => findByKey(uriKey(identifier)),
    async authenticate(uid, secretDigest) {
      const found = await db.ask(BY_UID, [uid])
      return found?.secretDigest && sameText(found.secretDigest, secretDigest) ? found : undefined
    },
    async list(directoryUid, limit, after = '', skip = 0) {
      const given = conditions({ 'r.directory_uid': directoryUid }, 4)
      const rows = await db.all(
        `select ${COLUMNS} from resources r where ${liveResource('r')}${given.sql}
          and (r.created_at, r.uid) > (coalesce((select created_at from resources where uid = $2), -1), $2)
          order by r.created_at, r.uid limit $1 offset $3`,
        [limit, after, skip, ...given.params],
      )
      return rows.map((row) => read(row))
    },
    change: (resource, event, was) => isWritten(db, [RESOURCES.change(resource, was)], event),
    end: ending(db, 'resources'),
  }
}
