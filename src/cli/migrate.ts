import { loadConfig } from '../config/load.ts'
import { systemClock } from '../kit/clock.ts'
import { migrate as migrateDb, newestSchema } from '../store/engine/migrate.ts'
import { openDb } from '../store/engine/open.ts'
import { command } from './kit/command.ts'

export const migrate = command({
  options: {},
  more: [
    'Servers that start at the same time wait for each other. All steps are one transaction: a run that is killed changes nothing and',
    'can be repeated. A server migrates the database when it starts, unless BEHALF_MIGRATE is off.',
  ].join('\n'),
  examples: ['migrate'],
  async run(_, { env }) {
    const config = loadConfig(env)
    const db = await openDb({ url: config.databaseUrl, pool: 1, timeout: config.databaseTimeout })
    try {
      const applied = await migrateDb(db, systemClock.now())
      const schema = await newestSchema()
      const steps = applied.map((name) => `\n  ${name}`).join('')
      return {
        text: steps ? `The schema is now ${schema}:${steps}` : `The schema is up to date: ${schema}.`,
        json: { schema, applied },
      }
    } finally {
      await db.close()
    }
  },
})
