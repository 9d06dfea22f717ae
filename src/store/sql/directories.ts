import type { Db } from '../engine/db.ts'
import type { Directories, Directory } from '../nouns/directories.ts'
import { notEnded } from './alive.ts'
import { eventStep } from './events.ts'
import { table } from './table.ts'
import { ending, finding, isWritten, listing } from './verbs.ts'

const DIRECTORIES = table<Directory>(
  'directories',
  'uid, host, created_at',
  'name, theme json, logo, support_url, privacy_url',
)
const HOSTS = table<{ host: string; directoryUid: string }>('directory_hosts', 'host, directory_uid')

export function directories(db: Db): Directories {
  return {
    async add(directory, hosts, event) {
      const hostSteps = hosts.map((host) => HOSTS.add({ host, directoryUid: directory.uid }))
      await db.write([DIRECTORIES.add(directory), ...hostSteps, eventStep(event)])
    },
    find: finding(db, DIRECTORIES.read, 'select * from directories where uid = $1'),
    findLiveByHost: finding(
      db,
      DIRECTORIES.read,
      `select d.* from directory_hosts h join directories d on d.uid = h.directory_uid
        where h.host = $1 and ${notEnded('d')}`,
    ),
    list: listing(db, DIRECTORIES.read, 'select * from directories order by created_at, uid'),
    change: (directory, was, event) => isWritten(db, [DIRECTORIES.change(directory, was)], event),
    end: ending(db, 'directories'),
  }
}
