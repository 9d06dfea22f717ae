import { type Config, ConfigError, loadConfig } from '../../config/load.ts'
import { command } from '../kit/command.ts'
import { EXIT } from '../kit/exit.ts'
import { explain } from '../kit/explain.ts'
import { type Env, type Finding, ok, settingsChecks, todo } from './checks.ts'
import { databaseChecks } from './database-checks.ts'

export const doctor = command({
  options: {},
  more: 'It changes nothing. Exit code 1 means that there is something to do.',
  examples: ['doctor', 'doctor --json'],
  async run(_, { env }) {
    const findings = await examine(env)
    const isHealthy = findings.every((each) => each.ok)
    const lines = findings.flatMap(({ name, ok, message, advice }) => [
      `${ok ? '  ok  ' : '  TO DO  '}${name}: ${message}`,
      ...(advice === undefined ? [] : [`         → ${advice}`]),
    ])
    const summary = isHealthy ? 'All checks passed.' : 'Fix the points marked TO DO before you rely on this server.'
    return {
      text: [...lines, '', summary].join('\n'),
      json: { ok: isHealthy, findings },
      exit: isHealthy ? EXIT.done : EXIT.failed,
    }
  },
})

/** Checks everything a server needs, and changes nothing. */
async function examine(env: Env): Promise<Finding[]> {
  const isNodeNew = Number(process.versions.node.split('.')[0]) >= 24
  const node = isNodeNew
    ? ok('Node.js', process.version)
    : todo('Node.js', `${process.version} is too old`, 'Use Node.js 24 or later; `npm ci` installs it for `npm run`.')
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
