import { existsSync, statSync } from 'node:fs'
import { type Config, ConfigError, isLoopback, loadConfig, secretFile } from '../../config/load.ts'
import { openScopes } from '../../domain/tokens/scopes.ts'
import { type Finding, ill, well } from '../kit/finding.ts'
import { examineDatabase } from './examine-database.ts'

/** Looks at everything a server needs, and changes nothing. */
export async function examine(env: Record<string, string | undefined>): Promise<Finding[]> {
  const findings = [examineNode()]
  let config: Config
  try {
    config = loadConfig(env, { onlyLooks: true })
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    const advice = 'Mend this in the environment; `behalf config` explains every setting.'
    return [...findings, ...error.faults.map((fault) => ill('Settings', fault, advice))]
  }
  findings.push(
    well('Settings', `read, for ${config.env}`),
    examineIssuer(config),
    ...examineProxies(config),
    examineSecret(config, env),
    examineScopes(config),
    ...examineFiles(config),
  )
  return [...findings, ...(await examineDatabase(config))]
}

function examineNode(): Finding {
  const isNew = Number(process.versions.node.split('.')[0]) >= 24
  return isNew
    ? well('Node.js', process.version)
    : ill('Node.js', `${process.version} is too old`, 'Use Node.js 24 or later; `npm ci` brings one for `npm run`.')
}

function examineIssuer({ issuer, env }: Config): Finding {
  const name = 'Issuer'
  if (issuer.startsWith('https:')) return well(name, issuer)
  if (isLoopback(issuer)) return well(name, `${issuer}, for this machine alone`)
  const advice = 'Set BEHALF_ISSUER to the https URL that browsers use; a proxy in front may hold the certificate.'
  return ill(name, `${issuer} is not https (${env})`, advice)
}

/** An https issuer means that a proxy holds the certificate; unless it is known, all visitors seem to be that one. */
function examineProxies({ env, trustedProxies }: Config): Finding[] {
  const name = 'Proxies'
  if (trustedProxies && trustedProxies.length > 0) return [well(name, `${trustedProxies.join(', ')} may name visitors`)]
  if (env === 'development') return []
  const sentence = 'none is trusted, so everybody behind the proxy seems to be one visitor and shares the limits of one'
  const advice = 'Set BEHALF_TRUSTED_PROXIES to the address of the proxy that holds the certificate, such as 127.0.0.1.'
  return [ill(name, sentence, advice)]
}

/** Which secret is used when the environment has none. */
export function secretNote({ databaseUrl }: Config): string {
  const file = secretFile(databaseUrl)
  if (!file) return 'a random one, forgotten when the server stops'
  return existsSync(file)
    ? `a random one, kept in ${file}`
    : `a random one, which the first start makes and keeps in ${file}`
}

function examineSecret(config: Config, env: Record<string, string | undefined>): Finding {
  const name = 'Secret'
  const { secret } = config
  if (!env.BEHALF_SECRET) return well(name, secretNote(config))
  // Whoever typed it has fewer different letters in it than chance has.
  if (secret.some((each) => new Set(each).size < 10)) {
    return ill(
      name,
      'too uniform to be random',
      'Make one with `openssl rand -hex 32`, and put it before the old one: `new,old`.',
    )
  }
  if (secret.length > 1) {
    return well(
      name,
      `${secret.length} are known; the first is used. After \`behalf keys rotate\` and a day the others can go`,
    )
  }
  return well(name, 'set, and long enough')
}

function examineScopes({ scopesFile }: Config): Finding {
  const name = 'Scopes'
  try {
    const { names } = openScopes(scopesFile)
    return well(name, `${names.length} in ${scopesFile ?? 'the catalogue that ships'}`)
  } catch (error) {
    return ill(
      name,
      (error as Error).message,
      'Mend the file that BEHALF_SCOPES_FILE names, or unset it to use the one that ships.',
    )
  }
}

/** The database of an embedded engine, and all that lies beside it, is for the owner's eyes alone. */
function examineFiles({ databaseUrl }: Config): Finding[] {
  if (!databaseUrl.startsWith('sqlite:') || process.platform === 'win32') return []
  const name = 'Files'
  const base = databaseUrl.slice('sqlite:'.length)
  const files = ['', '-wal', '-shm', '.secret'].map((suffix) => base + suffix).filter((file) => existsSync(file))
  const open = files.filter((file) => (statSync(file).mode & 0o077) !== 0)
  if (open.length > 0) {
    return [ill(name, `others on this machine can read ${open.join(', ')}`, `chmod 600 ${open.join(' ')}`)]
  }
  return files.length > 0 ? [well(name, `${files.join(', ')}: for their owner alone`)] : []
}
