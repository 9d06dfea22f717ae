import { randomBytes } from 'node:crypto'
import { existsSync, linkSync, mkdirSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { nearest } from '../kit/nearest.ts'
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

/** Reads the environment once; throws a ConfigError that lists all that is wrong. */
export function loadConfig(env: Record<string, string | undefined>): Config {
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
    else if (faults.length === 0) settings.secret = developmentSecret(read.databaseUrl)
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
  if (settings.databaseUrl === 'sqlite::memory:')
    faults.push('BEHALF_DATABASE_URL must name a lasting database in production.')
  return faults
}

function shown(option: Option, text: string): string {
  return option.kind.secret ? '' : `, got "${text.slice(0, 60).replaceAll(/\p{Cc}/gu, '?')}"`
}

const canKeepSecret = (databaseUrl: string) => databaseUrl.startsWith('sqlite:')

/** A random secret kept beside an SQLite database, so that trying things out needs no settings at all. */
function developmentSecret(databaseUrl: string): readonly string[] {
  if (databaseUrl === 'sqlite::memory:') return [randomBytes(32).toString('hex')]
  const file = `${databaseUrl.slice('sqlite:'.length)}.secret`
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
  return [readFileSync(file, 'utf8').trim()]
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
