import { randomBytes } from 'node:crypto'
import { existsSync, linkSync, mkdirSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { nearest } from '../kit/nearest.ts'
import { secrets } from './kinds.ts'
import { type Option, options, type Settings } from './options.ts'

/** The settings with what follows from them. Nothing reads the environment after this was made. */
export interface Config extends Omit<Settings, 'env' | 'issuer' | 'secret'> {
  readonly env: 'development' | 'production'
  readonly issuer: string
  readonly secret: readonly string[]
  /** Whether the public URL is https, which decides cookie names and flags. */
  readonly secure: boolean
}

/** Everything that is wrong with the environment, at once. */
export class ConfigError extends Error {
  readonly faults: readonly string[]
  constructor(faults: readonly string[]) {
    super(
      ['The configuration has to be mended before Behalf can start:', ...faults.map((each) => `  - ${each}`)].join(
        '\n',
      ),
    )
    this.faults = faults
  }
}

/**
 * Reads the environment once; throws a ConfigError that lists all that is wrong. Whoever only looks says so: then a secret that is not
 * there yet is not kept, and the one in the answer is good for nothing but looking.
 */
export function loadConfig(env: Record<string, string | undefined>, { onlyLooks = false } = {}): Config {
  const faults: string[] = unknownNames(env)
  const settings = {} as Record<string, unknown>
  for (const [name, option] of Object.entries(options) as [string, Option][]) {
    const text = env[option.env] || option.standard
    if (text === undefined) continue
    const value = option.kind.read(text)
    if (value === undefined) faults.push(`${option.env} must be ${option.kind.shape}${shown(option, text)}.`)
    else settings[name] = value
  }
  const read = settings as Settings
  const issuer = read.issuer ?? `http://localhost:${read.port}`
  const mode = read.env ?? (isLoopback(issuer) ? 'development' : 'production')
  // What follows from an option can be judged only where the option itself could be read.
  const isReadable = !faults.some((each) => /^BEHALF_(PORT|ISSUER|ENV|DATABASE_URL) must/.test(each))
  if (isReadable && mode === 'production') faults.push(...unsafe(read, issuer))
  if (isReadable && !env[options.secret.env]) {
    const makesOne = mode === 'development' && canKeepSecret(read.databaseUrl)
    if (!makesOne)
      faults.push(
        `${options.secret.env} is missing. Make one with \`openssl rand -hex 32\` and keep it as you keep a password.`,
      )
    else if (faults.length === 0) {
      const kept = developmentSecret(read.databaseUrl, onlyLooks)
      settings.secret = kept.secret
      faults.push(...kept.faults)
    }
  }
  if (faults.length > 0) throw new ConfigError(faults)
  return Object.freeze({ ...read, env: mode, issuer, secret: read.secret!, secure: issuer.startsWith('https:') })
}

/** Whether the issuer can be reached from this machine alone. */
export function isLoopback(issuer: string): boolean {
  return ['localhost', '127.0.0.1', '[::1]'].includes(URL.parse(issuer)?.hostname ?? '')
}

function unsafe(settings: Settings, issuer: string): string[] {
  const faults: string[] = []
  if (!issuer.startsWith('https:')) faults.push(`BEHALF_ISSUER must be https in production, got ${issuer}.`)
  if (settings.codeLifetime > 60)
    faults.push('BEHALF_CODE_LIFETIME must be at most 60 in production: a code is to be exchanged at once.')
  for (const secret of settings.secret ?? []) {
    if (new Set(secret).size < 10)
      faults.push('BEHALF_SECRET is too uniform to be random. Make one with `openssl rand -hex 32`.')
  }
  if (settings.outboundPrivate)
    faults.push('BEHALF_OUTBOUND_PRIVATE must be off in production: apps could make the server look around inside.')
  if (settings.databaseUrl === 'sqlite::memory:')
    faults.push('BEHALF_DATABASE_URL must name a lasting database in production.')
  return faults
}

function shown(option: Option, text: string): string {
  return option.kind.secret ? '' : `, got "${text.slice(0, 60).replaceAll(/\p{Cc}/gu, '?')}"`
}

/** Where the secret of a database lies in development, when the environment has none; undefined when it is not kept. */
export function secretFile(databaseUrl: string): string | undefined {
  return canKeepSecret(databaseUrl) && databaseUrl !== 'sqlite::memory:'
    ? `${databaseUrl.slice('sqlite:'.length)}.secret`
    : undefined
}

const canKeepSecret = (databaseUrl: string) => databaseUrl.startsWith('sqlite:')

/** A random secret kept beside an SQLite database, so that trying things out needs no settings at all. */
function developmentSecret(databaseUrl: string, onlyLooks: boolean): { secret?: readonly string[]; faults: string[] } {
  const file = secretFile(databaseUrl)
  if (!file || (onlyLooks && !existsSync(file))) return { secret: [randomBytes(32).toString('hex')], faults: [] }
  if (!existsSync(file)) {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
    // It gets its name when it is complete: whoever starts in the same instant must not read half of it.
    const draft = `${file}.${randomBytes(6).toString('hex')}`
    writeFileSync(draft, `${randomBytes(32).toString('hex')}\n`, { mode: 0o600, flag: 'wx' })
    try {
      linkSync(draft, file)
    } catch (error) {
      // Another process made it first: use that one.
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    } finally {
      unlinkSync(draft)
    }
  }
  const secret = secrets.read(readFileSync(file, 'utf8').trim())
  if (secret) return { secret, faults: [] }
  const advice = `Put back the one that ${databaseUrl} was made with. If that database is new, delete both.`
  return { faults: [`The file ${file} must hold ${secrets.shape}, and does not. ${advice}`] }
}

function unknownNames(env: Record<string, string | undefined>): string[] {
  const known = Object.values(options).map((option) => option.env)
  return Object.keys(env)
    .filter((name) => name.startsWith('BEHALF_') && !known.includes(name))
    .map((name) => {
      const near = nearest(name, known)
      return `${name} is not an option${near ? `; did you mean ${near}?` : '.'} \`behalf config\` lists them all.`
    })
}
