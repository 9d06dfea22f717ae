import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { parseJson } from '../../kit/json.ts'
import { Failure } from '../kit/exit.ts'

const DemoApp = z.object({
  slug: z.string(),
  name: z.string(),
  note: z.string(),
  codeName: z.string(),
  clientId: z.string(),
  clientSecret: z.string(),
})

const DemoState = z.object({
  directoryUid: z.string(),
  directoryToken: z.string(),
  businesses: z.array(z.object({ uid: z.string(), name: z.string() })),
  apps: z.array(DemoApp),
})

export type DemoApp = z.infer<typeof DemoApp>

/** What the demo created, stored so that the next run has the same uids and secrets. */
export type DemoState = z.infer<typeof DemoState>

export const FOLDER = '.demo'
export const DATABASE = join(FOLDER, 'behalf.db')
/** Where every command looks for the secret of this database, so that commands need no setting but the database. */
const SECRET = `${DATABASE}.secret`
const STATE = join(FOLDER, 'demo.json')
const LOCK = join(FOLDER, 'running.pid')

/** The state of the last run. Undefined when there was none, or when it stopped before it was complete. */
export function readState(): DemoState | undefined {
  if (!existsSync(SECRET) || !existsSync(STATE)) return undefined
  return DemoState.safeParse(parseJson(readFileSync(STATE, 'utf8'))).data
}

export function writeState(state: DemoState): void {
  writeFileSync(STATE, `${JSON.stringify(state, null, 2)}\n`, { mode: 0o600 })
}

/** Deletes the database and the state of earlier runs. */
export function clearState(): void {
  for (const file of [STATE, SECRET, DATABASE, `${DATABASE}-wal`, `${DATABASE}-shm`]) rmSync(file, { force: true })
}

/**
 * Locks the folder, because two demos would share one database: the second would send the apps' answers to its own ports, or delete what
 * the first works on. Returns the function that unlocks it. Throws a Failure while another demo of this folder runs.
 */
export function lockDemoFolder(): () => void {
  mkdirSync(FOLDER, { recursive: true, mode: 0o700 })
  const pid = runningDemo()
  if (pid !== undefined) {
    const message = `The demo of this folder is running already (process ${pid}). Stop it with Ctrl-C in its terminal.`
    throw new Failure('failed', 'running', message, { pid })
  }
  rmSync(LOCK, { force: true })
  writeFileSync(LOCK, `${process.pid}\n`, { mode: 0o600, flag: 'wx' })
  return () => rmSync(LOCK, { force: true })
}

/** The process that the lock names, if it still runs. */
function runningDemo(): number | undefined {
  let pid: number
  try {
    pid = Number(readFileSync(LOCK, 'utf8'))
    if (!(pid > 0) || pid === process.pid) return undefined
    process.kill(pid, 0)
    return pid
  } catch (error) {
    // The process of another user cannot be signalled, but it exists.
    return (error as NodeJS.ErrnoException).code === 'EPERM' ? pid! : undefined
  }
}
