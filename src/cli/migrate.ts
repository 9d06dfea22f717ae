import { command } from './kit/command.ts'

export default command({
  options: {},
  more: [
    'Servers that start at the same time wait for each other. All steps are one transaction: one that is killed half-way has',
    'changed nothing and is simply run again. A server does this by itself when it starts, unless BEHALF_MIGRATE is off.',
  ].join('\n'),
  examples: ['migrate'],
  async run(_, { env }) {
    const [{ loadConfig }, { openDb }, { migrate, newestSchema }, { systemClock }] = await Promise.all([
      import('../config/load.ts'),
      import('../store/engine/open.ts'),
      import('../store/engine/migrate.ts'),
      import('../kit/clock.ts'),
    ])
    const config = loadConfig(env)
    const db = await openDb({ url: config.databaseUrl, pool: 1, timeout: config.databaseTimeout })
    try {
      const applied = await migrate(db, systemClock.now())
      const schema = await newestSchema()
      const done = applied.map((name) => `  ${name}`)
      return {
        text:
          applied.length === 0
            ? `The schema is up to date: ${schema}.`
            : [`The schema is now ${schema}:`, ...done].join('\n'),
        json: { schema, applied },
      }
    } finally {
      await db.close()
    }
  },
})
