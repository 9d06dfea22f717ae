import { migrate } from '../../src/store/engine/migrate.ts'
import { openDb } from '../../src/store/engine/open.ts'
import { NOW } from './things.ts'

// A server that is killed in the middle of a migration: its script has run, but is not committed. Tests run it as a process
// of its own: `killed-migration.ts URL`.
const db = await openDb({ url: process.argv[2]!, pool: 1, timeout: 5 })
await migrate(
  {
    ...db,
    migrate: (work) =>
      db.migrate((run, all) =>
        work(async (script) => {
          await run(script)
          process.kill(process.pid, 'SIGKILL')
        }, all),
      ),
  },
  NOW,
)
