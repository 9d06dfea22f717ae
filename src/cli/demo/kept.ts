import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'

const App = z.object({
  slug: z.string(),
  name: z.string(),
  note: z.string(),
  codeName: z.string(),
  clientId: z.string(),
  clientSecret: z.string(),
})

const Kept = z.object({
  directoryUid: z.string(),
  directoryToken: z.string(),
  businesses: z.array(z.object({ uid: z.string(), name: z.string() })),
  apps: z.array(App),
})

/** What the demo remembers from run to run, so that the same curl works tomorrow. Its secrets are for this machine alone. */
export type Kept = z.infer<typeof Kept>

export const FOLDER = '.demo'
export const DATABASE = join(FOLDER, 'behalf.db')
/** Where every command looks for the secret of this database, so that the command line needs no setting but the database. */
const SECRET = `${DATABASE}.secret`
const FILE = join(FOLDER, 'demo.json')

/** What the last run kept; undefined when there was none, or it was stopped before it had made everything. */
export function readKept(): Kept | undefined {
  if (!existsSync(SECRET)) return undefined
  try {
    return Kept.parse(JSON.parse(readFileSync(FILE, 'utf8')))
  } catch {
    return undefined
  }
}

export function writeKept(kept: Kept): void {
  writeFileSync(FILE, `${JSON.stringify(kept, null, 2)}\n`, { mode: 0o600 })
}

/** Forgets all earlier runs. */
export function clear(): void {
  for (const file of [FILE, SECRET, DATABASE, `${DATABASE}-wal`, `${DATABASE}-shm`]) rmSync(file, { force: true })
}
