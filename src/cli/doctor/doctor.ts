import { type Config, ConfigError, loadConfig } from '../../config/load.ts'
import { command } from '../kit/command.ts'
import { explain } from '../kit/explain.ts'
import { type Finding, ok, reportFindings, todo } from '../kit/findings.ts'
import { type Env, settingsChecks } from './checks.ts'
import { databaseChecks } from './database-checks.ts'

export const doctor = command({
  options: {},
  more: 'It changes nothing. Exit code 1 means that there is something to do.',
  examples: ['doctor', 'doctor --json'],
  async run(_, { env }) {
    return reportFindings(await examine(env), {
      passed: 'All checks passed.',
      failed: 'Fix the points marked TO DO before you rely on this server.',
    })
  },
})

/** Checks everything a server needs, and changes nothing. */
async function examine(env: Env): Promise<Finding[]> {
  const node = ok('Node.js', process.version)
  let config: Config
  try {
    config = loadConfig(env, { onlyLooks: true })
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    const advice = 'Fix this in the environment; `behalf config` explains every setting.'
    return [node, ...error.faults.map((fault) => todo('Settings', fault, advice))]
  }
  const settings = settingsChecks.map((check) => check(config, env)).filter((each) => each !== undefined)
  const database = await databaseChecks(config).catch(async (error) => {
    const advice = 'Check that it runs, and that BEHALF_DATABASE_URL names it with the right user.'
    return [todo('Database', (await explain(error)).message, advice)]
  })
  return [node, ok('Settings', `valid, for ${config.env}`), ...settings, ...database]
}
