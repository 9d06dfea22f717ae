import { randomBytes } from 'node:crypto'
import { existsSync, linkSync, readFileSync, unlinkSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { isLoopbackHost } from '../kit/loopback.ts'
import { createOwnFile, createOwnFolder } from '../kit/own-files.ts'
import { secrets } from './kinds.ts'
import { type Option, options, type Settings } from './options.ts'
import { type Environment, isSecret, readEnvironment } from './read-environment.ts'

/** The settings, and what follows from them. Nothing else reads the environment. */
export interface Config extends Omit<Settings, 'env' | 'issuer' | 'secret'> {
  readonly env: 'development' | 'production'
  readonly issuer: string
  /** The path of the issuer, such as `/auth`, or an empty string. Every route is below it. */
  readonly basePath: string
  readonly secret: readonly string[]
  /** Whether the public URL is https, which decides cookie names and flags. */
  readonly secure: boolean
}

/** Lists everything that is wrong with the environment. */
export class ConfigError extends Error {
  readonly faults: readonly string[]
  constructor(faults: readonly string[]) {
    super(['Behalf cannot start with this configuration:', ...faults.map((each) => `  - ${each}`)].join('\n'))
    this.faults = faults
  }
}

/**
 * Reads the environment once. Throws a ConfigError that lists everything that is wrong. With `onlyLooks`, a missing development secret is
 * not stored, and the one returned must not be used.
 */
export function loadConfig(env: Environment, { onlyLooks = false } = {}): Config {
  const { texts, faults } = readEnvironment(env)
  const settings = {} as Record<string, unknown>
  for (const [name, option] of Object.entries(options) as [string, Option][]) {
    const text = texts[option.env] ?? option.default
    if (text === undefined) continue
    const value = option.kind.safeParse(text)
    if (value.success) settings[name] = value.data
    else faults.push(`${option.env} must be ${option.kind.description}${shown(option, text)}.`)
  }
  const read = settings as Settings
  const issuer = read.issuer ?? `http://localhost:${read.port}`
  const mode = read.env ?? (isLoopback(issuer) ? 'development' : 'production')
  // What follows from an option can be judged only when the option itself is valid.
  const isReadable = !faults.some((each) => /^BEHALF_(PORT|ISSUER|ENV|DATABASE_URL) must/.test(each))
  if (isReadable && mode === 'production') faults.push(...unsafe(read, issuer), ...missing(texts))
  if (isReadable && !texts[options.secret.env] && !faults.some((each) => each.startsWith(options.secret.env))) {
    const makesOne = mode === 'development' && canKeepSecret(read.databaseUrl)
    if (!makesOne)
      faults.push(
        `${options.secret.env} is missing. Create one with \`openssl rand -hex 32\` and store it like a password.`,
      )
    else if (faults.length === 0) {
      const kept = developmentSecret(read.databaseUrl, onlyLooks)
      settings.secret = kept.secret
      faults.push(...kept.faults)
    }
  }
  if (faults.length > 0) throw new ConfigError(faults)
  const { pathname, protocol } = new URL(issuer)
  const basePath = pathname === '/' ? '' : pathname
  return Object.freeze({ ...read, env: mode, issuer, basePath, secret: read.secret!, secure: protocol === 'https:' })
}

/** Whether only this machine can reach the issuer. */
export function isLoopback(issuer: string): boolean {
  return isLoopbackHost(URL.parse(issuer)?.hostname ?? '')
}

function unsafe(settings: Settings, issuer: string): string[] {
  const faults: string[] = []
  if (!issuer.startsWith('https:')) faults.push(`BEHALF_ISSUER must be https in production, got ${issuer}.`)
  if (settings.codeLifetime > 60)
    faults.push('BEHALF_CODE_LIFETIME must be at most 60 in production: codes are exchanged at once.')
  for (const secret of settings.secret ?? []) {
    if (new Set(secret).size < 10)
      faults.push('BEHALF_SECRET is too uniform to be random. Create one with `openssl rand -hex 32`.')
  }
  if (settings.outboundPrivate)
    faults.push(
      'BEHALF_OUTBOUND_PRIVATE must be off in production: apps could make the server fetch internal addresses.',
    )
  if (settings.databaseUrl === 'sqlite::memory:')
    faults.push('BEHALF_DATABASE_URL must name a database on disk in production.')
  return faults
}

/** What has a default for development only. */
function missing(texts: Environment): string[] {
  if (texts[options.databaseUrl.env]) return []
  const example = 'sqlite:/var/lib/behalf/behalf.db or postgres://behalf:PASSWORD@HOST/behalf'
  return [`${options.databaseUrl.env} is missing. Production needs one, such as ${example}.`]
}

function shown(option: Option, text: string): string {
  return isSecret(option) ? '' : `, got "${text.slice(0, 60).replaceAll(/\p{Cc}/gu, '?')}"`
}

/** The file that holds the secret of a development database when the environment has none. Undefined when it is not stored. */
export function secretFile(databaseUrl: string): string | undefined {
  return canKeepSecret(databaseUrl) && databaseUrl !== 'sqlite::memory:'
    ? `${databaseUrl.slice('sqlite:'.length)}.secret`
    : undefined
}

const canKeepSecret = (databaseUrl: string) => databaseUrl.startsWith('sqlite:')

/** A random secret stored beside an SQLite database, so that development needs no settings. */
function developmentSecret(databaseUrl: string, onlyLooks: boolean): { secret?: readonly string[]; faults: string[] } {
  const file = secretFile(databaseUrl)
  if (!file || (onlyLooks && !existsSync(file))) return { secret: [randomBytes(32).toString('hex')], faults: [] }
  if (!existsSync(file)) {
    createOwnFolder(resolve(dirname(file)))
    // It gets its name when it is complete, so that a process that starts at the same moment cannot read half of it.
    const draft = `${file}.${randomBytes(6).toString('hex')}`
    createOwnFile(draft, `${randomBytes(32).toString('hex')}\n`)
    try {
      linkSync(draft, file)
    } catch (error) {
      // Another process made it first: use that one.
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    } finally {
      unlinkSync(draft)
    }
  }
  const secret = secrets.safeParse(readFileSync(file, 'utf8').trim())
  if (secret.success) return { secret: secret.data, faults: [] }
  const advice = `Restore the secret that ${databaseUrl} was created with. If the database is new, delete both.`
  return { faults: [`The file ${file} must hold ${secrets.description}, and does not. ${advice}`] }
}
