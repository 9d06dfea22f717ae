import { ConfigError, isLoopback, loadConfig } from '../config/load.ts'
import { type Option, options } from '../config/options.ts'
import { isSecret, readEnvironment } from '../config/read-environment.ts'
import { describeDevelopmentSecret } from './doctor/checks.ts'
import { command } from './kit/command.ts'
import { EXIT } from './kit/exit.ts'

type Env = Record<string, string | undefined>
type Name = keyof typeof options

/** The setting from which a default is derived. */
const DERIVED_FROM: Partial<Record<Name, string>> = {
  env: options.issuer.env,
  issuer: options.port.env,
  secret: options.databaseUrl.env,
}

const UNITS = [
  [86_400, 'day'],
  [3600, 'hour'],
  [60, 'minute'],
] as const

export const config = command({
  options: {},
  more: 'Settings come from environment variables. Secrets are not shown. Exit code 3 means that a setting is invalid.',
  examples: ['config', 'config --json'],
  async run(_, { env }) {
    const { texts } = readEnvironment(env)
    const { faults, derived } = examine(env)
    const settings = (Object.entries(options) as [Name, Option][]).map(([name, option]) =>
      describe(name, option, texts[option.env], derived[name]),
    )
    const groups = [...new Set(settings.map(({ group }) => group))]
    const text = groups.flatMap((group) => [
      group,
      '',
      ...settings.filter((each) => each.group === group).flatMap(paragraph),
    ])
    if (faults.length > 0) text.push('Invalid settings', '', ...faults.map((fault) => `  - ${fault}`))
    return {
      text: text.join('\n').trimEnd(),
      json: { settings, faults },
      exit: faults.length > 0 ? EXIT.configuration : EXIT.done,
    }
  },
})

/** A setting as JSON has it. A secret that is set has the value null. */
function describe(name: Name, option: Option, given: string | undefined, derived: string | undefined) {
  const text = given ?? option.default ?? derived
  const isHidden = isSecret(option) && given !== undefined
  return {
    env: option.env,
    group: option.group,
    value: isHidden ? null : (text ?? null),
    follows_from: given === undefined ? (DERIVED_FROM[name] ?? null) : null,
    source: given !== undefined ? 'environment' : text === undefined ? null : 'default',
    hidden: isHidden,
    default: option.default ?? null,
    must_be: option.kind.description!,
    description: option.description,
  }
}

function paragraph(setting: ReturnType<typeof describe>): string[] {
  const [, unit] = /whole number of (\w+) from/.exec(setting.must_be) ?? []
  const text = unit && setting.value ? `${setting.value} ${unit}` : setting.value
  const value = setting.hidden ? 'set, not shown' : (text ?? 'not set')
  const origin =
    setting.source === 'default' && (setting.follows_from ? `follows from ${setting.follows_from}` : 'default')
  const notes = [unit === 'seconds' && longer(Number(setting.value)), origin].filter(Boolean).join(', ')
  const byDefault = setting.source === 'environment' && setting.default !== null ? `, default ${setting.default}` : ''
  return [
    `  ${setting.env} = ${value}${notes && ` (${notes})`}`,
    `      ${setting.description}`,
    `      Must be ${setting.must_be}${byDefault}.`,
    '',
  ]
}

/** Returns seconds in days, hours or minutes, rounded to one decimal; undefined below a minute. */
function longer(seconds: number): string | undefined {
  const [size, name] = UNITS.find(([each]) => seconds >= each) ?? []
  if (size === undefined) return undefined
  const count = Math.round((seconds / size) * 10) / 10
  return `${count} ${name}${count === 1 ? '' : 's'}`
}

/** The faults of the settings, and the defaults that are derived from other settings. */
function examine(env: Env) {
  const { texts } = readEnvironment(env)
  const derived: Partial<Record<Name, string>> = {}
  // Derived first, because these two are shown even when another setting is invalid.
  const port = options.port.kind.safeParse(texts.BEHALF_PORT ?? options.port.default!).data
  const issuer = texts.BEHALF_ISSUER ?? (port === undefined ? undefined : `http://localhost:${port}`)
  if (issuer && options.issuer.kind.safeParse(issuer).success) {
    Object.assign(derived, { issuer, env: isLoopback(issuer) ? 'development' : 'production' })
  }
  try {
    const loaded = loadConfig(env, { onlyLooks: true })
    if (!texts.BEHALF_SECRET) derived.secret = describeDevelopmentSecret(loaded)
    return { faults: [], derived }
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    return { faults: error.faults, derived }
  }
}
