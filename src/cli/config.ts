import { ConfigError, isLoopback, isSecret, loadConfig } from '../config/load.ts'
import { type Option, options } from '../config/options.ts'
import { secretNote } from './doctor/examine.ts'
import { command } from './kit/command.ts'
import { EXIT } from './kit/exit.ts'

export default command({
  options: {},
  more: 'Settings come from environment variables. Secrets are not shown. Exit code 3 means that something is wrong.',
  examples: ['config', 'config --json'],
  async run(_, { env }) {
    const { faults, derived } = examine(env)
    const settings = (Object.entries(options) as [keyof typeof options, Option][]).map(([name, option]) => {
      const given = env[option.env] || undefined
      const text = given ?? option.default ?? derived[name]
      const isHidden = isSecret(option) && given !== undefined
      return {
        env: option.env,
        group: option.group,
        value: isHidden ? null : (text ?? null),
        follows_from: given === undefined ? (FOLLOWS[name] ?? null) : null,
        source: given !== undefined ? 'environment' : text === undefined ? null : 'default',
        hidden: isHidden,
        default: option.default ?? null,
        must_be: option.kind.description!,
        description: option.description,
      }
    })
    const groups = [...new Set(settings.map(({ group }) => group))]
    const text = groups.flatMap((group) => [
      group,
      '',
      ...settings.filter((each) => each.group === group).flatMap(paragraph),
    ])
    if (faults.length > 0) text.push('Mistakes', '', ...faults.map((fault) => `  - ${fault}`))
    return {
      text: text.join('\n').trimEnd(),
      json: { settings, faults },
      exit: faults.length > 0 ? EXIT.configuration : EXIT.done,
    }
  },
})

interface Setting {
  env: string
  value: string | null
  source: string | null
  follows_from: string | null
  hidden: boolean
  default: string | null
  must_be: string
  description: string
}

function paragraph(setting: Setting): string[] {
  const value = setting.hidden ? 'set, not shown' : (setting.value ?? 'not set')
  const origin = setting.follows_from ? `follows from ${setting.follows_from}` : 'default'
  const from = setting.source === 'environment' && setting.default !== null ? `, default ${setting.default}` : ''
  return [
    `  ${setting.env} = ${value}${setting.source === 'default' ? ` (${origin})` : ''}`,
    `      ${setting.description}`,
    `      Must be ${setting.must_be}${from}.`,
    '',
  ]
}

/** From which other setting an option follows when it is left out. */
const FOLLOWS: Partial<Record<keyof typeof options, string>> = {
  env: options.issuer.env,
  issuer: options.port.env,
  secret: options.databaseUrl.env,
}

/** What is wrong, and what follows from other settings where an option was left out. */
function examine(env: Record<string, string | undefined>) {
  const derived: Partial<Record<keyof typeof options, string>> = {}
  // These two can be told even where something else is wrong.
  const port = options.port.kind.safeParse(env.BEHALF_PORT || options.port.default!).data
  const issuer = env.BEHALF_ISSUER || (port === undefined ? undefined : `http://localhost:${port}`)
  if (issuer && options.issuer.kind.safeParse(issuer).success) {
    Object.assign(derived, { issuer, env: isLoopback(issuer) ? 'development' : 'production' })
  }
  try {
    const config = loadConfig(env, { onlyLooks: true })
    if (!env.BEHALF_SECRET) derived.secret = secretNote(config)
    return { faults: [], derived }
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    return { faults: error.faults, derived }
  }
}
