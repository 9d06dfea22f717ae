import { sameText } from '../../kit/digest.ts'
import type { Db, Param, Row } from '../engine/db.ts'
import { cached } from '../engine/query.ts'
import type { ResourceServer, ResourceServers } from '../nouns/resources.ts'
import { liveResource, notEnded } from './alive.ts'
import { camel, json, parse } from './columns.ts'
import { ending } from './ending.ts'
import { eventStep } from './events.ts'

const read = (row: Row): ResourceServer => ({
  ...camel<ResourceServer>(row),
  scopes: row.scopes === null ? null : parse<string[]>(row.scopes),
})

const changeable = (resource: ResourceServer): Record<string, Param> => ({
  name: resource.name,
  scopes: resource.scopes && json(resource.scopes),
  token_format: resource.tokenFormat,
  token_lifetime: resource.tokenLifetime,
  secret_digest: resource.secretDigest,
})

const COLUMNS = `r.uid, r.identifier, r.name, r.directory_uid, r.scopes, r.token_format, r.token_lifetime, r.secret_digest,
  r.created_at, r.ended_at`

/** A living one by its uid: with it begins every introspection by an API. */
const BY_UID = cached<ResourceServer>({
  sql: `select ${COLUMNS} from resources r where r.uid = $1 and ${liveResource('r')}`,
  tables: ['resources', 'directories'],
  max: 2000,
  make: ([row]) => read(row!),
})

export function resources(db: Db): ResourceServers {
  const findLiveBy = async (condition: string, params: Param[]) => {
    const sql = `select ${COLUMNS} from resources r where ${condition} and ${liveResource('r')}`
    const row = await db.one(sql, params)
    return row && read(row)
  }
  return {
    async add(resource, isShared, event) {
      const { uid, identifier, directoryUid, createdAt } = resource
      const key = isShared ? `${identifier} ${directoryUid ?? 'platform'}` : identifier
      const columns = { uid, identifier, identifier_key: key, directory_uid: directoryUid, created_at: createdAt }
      const all: [string, Param][] = [...Object.entries(columns), ...Object.entries(changeable(resource))]
      const places = all.map((_, index) => `$${index + 1}`).join(', ')
      const from = directoryUid === null ? '' : `from directories d where d.uid = $4 and ${notEnded('d')}`
      const step = {
        sql: `insert into resources (${all.map(([name]) => name).join(', ')}) select ${places} ${from}`,
        params: all.map(([, value]) => value),
        must: true,
      }
      return (await db.write([step, eventStep(event)])) && resource
    },
    async find(uid) {
      const row = await db.one(`select ${COLUMNS} from resources r where r.uid = $1`, [uid])
      return row && read(row)
    },
    findLive: (identifier) => findLiveBy('r.identifier_key = $1', [identifier]),
    async authenticate(uid, secretDigest) {
      const found = await db.ask(BY_UID, [uid])
      return found?.secretDigest && sameText(found.secretDigest, secretDigest) ? found : undefined
    },
    async list(directoryUid, limit, skip = 0) {
      const ofDirectory = directoryUid === undefined ? '' : 'and r.directory_uid = $3'
      const rows = await db.all(
        `select ${COLUMNS} from resources r where ${liveResource('r')} ${ofDirectory}
          order by r.created_at, r.uid limit $1 offset $2`,
        [limit, skip, ...(directoryUid === undefined ? [] : [directoryUid])],
      )
      return rows.map(read)
    },
    async change(resource, event, was) {
      const columns = Object.entries(changeable(resource))
      const sets = columns.map(([name], index) => `${name} = $${index + 2}`)
      const same = columns.map(([name], index) => `${name} is not distinct from $${index + 2 + columns.length}`)
      const step = {
        sql: `update resources set ${sets.join(', ')} where uid = $1 and ended_at is null and ${same.join(' and ')}`,
        params: [resource.uid, ...columns.map(([, value]) => value), ...Object.values(changeable(was))],
        must: true,
      }
      return (await db.write([step, eventStep(event)])) !== undefined
    },
    end: ending(db, 'resources'),
  }
}
