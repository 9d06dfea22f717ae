import type { Db, Row } from '../engine/db.ts'
import type { Directories, Directory, Theme } from '../nouns/directories.ts'
import { notEnded } from './alive.ts'
import { camel, insert, json, parse } from './columns.ts'
import { ending } from './ending.ts'
import { eventStep } from './events.ts'

const read = (row: Row): Directory => ({ ...camel<Directory>(row), theme: parse<Theme>(row.theme) })

export function directories(db: Db): Directories {
  return {
    async add(directory, hosts, event) {
      const { uid, name, host, theme, logo, createdAt } = directory
      await db.write([
        insert('directories', { uid, name, host, theme: json(theme), logo, created_at: createdAt }),
        ...hosts.map((each) => insert('directory_hosts', { host: each, directory_uid: uid })),
        eventStep(event),
      ])
    },
    async find(uid) {
      const row = await db.one('select * from directories where uid = $1', [uid])
      return row && read(row)
    },
    async findLiveByHost(host) {
      const row = await db.one(
        `select d.* from directory_hosts h join directories d on d.uid = h.directory_uid
          where h.host = $1 and ${notEnded('d')}`,
        [host],
      )
      return row && read(row)
    },
    list: async () => (await db.all('select * from directories order by created_at, uid', [])).map(read),
    end: ending(db, 'directories'),
  }
}
