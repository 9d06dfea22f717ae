import { existsSync, statSync } from 'node:fs'
import { type Config, isLoopback, secretFile } from '../../config/load.ts'
import { openScopes } from '../../domain/tokens/scopes.ts'
import { type Finding, ok, todo } from '../kit/findings.ts'

export type Env = Record<string, string | undefined>
type Check = (config: Config, env: Env) => Finding | undefined

/** The checks of valid settings, in the order in which they are printed. A check that does not apply returns undefined. */
export const settingsChecks: readonly Check[] = [checkIssuer, checkProxies, checkSecret, checkScopes, checkFiles]

function checkIssuer({ issuer, env }: Config): Finding {
  if (issuer.startsWith('https:')) return ok('Issuer', issuer)
  if (isLoopback(issuer)) return ok('Issuer', `${issuer}, for this machine only`)
  const advice = 'Set BEHALF_ISSUER to the https URL that browsers use; a proxy in front may hold the certificate.'
  return todo('Issuer', `${issuer} is not https (${env})`, advice)
}

/** With an https issuer a proxy holds the certificate. Unless the proxy is trusted, all visitors seem to have its address. */
function checkProxies({ env, trustedProxies }: Config): Finding | undefined {
  if (trustedProxies && trustedProxies.length > 0) {
    return ok('Proxies', `${trustedProxies.join(', ')} may say where requests come from`)
  }
  if (env === 'development') return undefined
  const message = 'none is trusted, so all visitors behind the proxy seem to be one and share its limits'
  const advice = 'Set BEHALF_TRUSTED_PROXIES to the address of the proxy that holds the certificate, such as 127.0.0.1.'
  return todo('Proxies', message, advice)
}

function checkSecret(config: Config, env: Env): Finding {
  const { secret } = config
  if (!env.BEHALF_SECRET && !env.BEHALF_SECRET_FILE) return ok('Secret', describeDevelopmentSecret(config))
  // A secret that a person typed has fewer different characters than a random one.
  if (secret.some((each) => new Set(each).size < 10)) {
    const advice = 'Create one with `openssl rand -hex 32`, and put it before the old one: `new,old`.'
    return todo('Secret', 'too uniform to be random', advice)
  }
  if (secret.length === 1) return ok('Secret', 'set, and long enough')
  const message = `${secret.length} are set; the first is used. Remove the others a day after \`behalf keys rotate\``
  return ok('Secret', message)
}

/** Where the secret comes from when BEHALF_SECRET is not set. */
export function describeDevelopmentSecret({ databaseUrl }: Config): string {
  const file = secretFile(databaseUrl)
  if (!file) return 'a random one, lost when the server stops'
  if (existsSync(file)) return `a random one, stored in ${file}`
  return `a random one, which the first start creates and stores in ${file}`
}

function checkScopes({ scopesFile }: Config): Finding {
  try {
    return ok('Scopes', `${openScopes(scopesFile).names.length} in ${scopesFile ?? 'the built-in catalogue'}`)
  } catch (error) {
    const advice = 'Fix the file that BEHALF_SCOPES_FILE names, or unset it to use the built-in one.'
    return todo('Scopes', (error as Error).message, advice)
  }
}

/** Only the owner may read an SQLite database and the files beside it. */
function checkFiles({ databaseUrl }: Config): Finding | undefined {
  if (!databaseUrl.startsWith('sqlite:') || process.platform === 'win32') return undefined
  const base = databaseUrl.slice('sqlite:'.length)
  const files = ['', '-wal', '-shm', '.secret'].map((suffix) => base + suffix).filter((file) => existsSync(file))
  const open = files.filter((file) => (statSync(file).mode & 0o077) !== 0)
  if (open.length > 0) {
    return todo('Files', `other users of this machine can read ${open.join(', ')}`, `chmod 600 ${open.join(' ')}`)
  }
  return files.length > 0 ? ok('Files', `${files.join(', ')}: readable by their owner only`) : undefined
}
