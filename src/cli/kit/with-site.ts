import { existsSync } from 'node:fs'
import type { Site } from '../../site.ts'
import type { Surroundings } from './command.ts'
import { Failure } from './exit.ts'

/**
 * Opens the site for one piece of work and closes it again. Logs to standard error, from level `warn`, and names the database in a terminal. Throws a Failure when the file of the
 * database does not exist, unless the command may be the first one and `createsDatabase`.
 */
export async function withSite<T>(
  { env, json }: Pick<Surroundings, 'env' | 'json'>,
  work: (site: Site) => Promise<T>,
  createsDatabase = false,
): Promise<T> {
  // Loaded here, so that `--help` and usage errors are answered without the rest of the program.
  const [{ databaseFile, databaseName }, { loadConfig }, { openSite }, { openLog }, { openLogOutput }] =
    await Promise.all([
      import('../../config/database-name.ts'),
      import('../../config/load.ts'),
      import('../../open-site.ts'),
      import('../../kit/log.ts'),
      import('../../kit/log-output.ts'),
    ])
  // Before the settings are loaded for real, because that stores a secret beside a new database.
  const { databaseUrl } = loadConfig(env, { onlyLooks: true })
  const file = databaseFile(databaseUrl)
  if (file !== undefined && !createsDatabase && !existsSync(file)) throw noDatabase(file)
  // Only for people: a script or a job that mails its errors would get the line every time.
  if (process.stderr.isTTY && !json) process.stderr.write(`Database: ${databaseName(databaseUrl)}\n`)
  const site = await openSite(loadConfig(env), { log: openLog('warn', openLogOutput(2)) })
  try {
    return await work(site)
  } finally {
    await site.close()
  }
}

function noDatabase(file: string): Failure {
  const advice =
    'Run the command in the folder of your server, or set BEHALF_DATABASE_URL. `behalf migrate` creates a new database.'
  return new Failure('database', 'no_database', `The database ${file} does not exist. ${advice}`, { database: file })
}
