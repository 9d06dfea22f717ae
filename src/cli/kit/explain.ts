import { snakeCase } from '../../kit/snake-case.ts'
import { EXIT, Failure } from './exit.ts'

/** What an error of the system says besides its message. */
interface Fault {
  code?: string
  /** A port, or the path of a socket. */
  port?: number | string
  address?: string
  hostname?: string
}

/** Turns anything thrown into a Failure with a message for the operator, which names `options` of the command by `--name`. */
export async function explain(error: unknown, options: Record<string, unknown> = {}): Promise<Failure> {
  if (error instanceof Failure) return error
  // Loaded here, because most commands end without an error.
  const [{ nameOn }, { ConfigError }, { WrongSecret }, { WrongCatalogue }, { Refusal }, { NewerSchema }, { Conflict }] =
    await Promise.all([
      import('../../domain/apps/settings.ts'),
      import('../../config/load.ts'),
      import('../../domain/keys/key-pair.ts'),
      import('../../domain/tokens/scope-catalogue.ts'),
      import('../../kit/refusal.ts'),
      import('../../store/engine/migrate.ts'),
      import('../../store/engine/db.ts'),
    ])
  const { message, code = '', cause, port, address } = error as Error & Fault
  if (error instanceof ConfigError) {
    return new Failure('configuration', 'configuration', message, { faults: error.faults })
  }
  if (error instanceof WrongSecret) return new Failure('configuration', 'wrong_secret', message)
  if (error instanceof WrongCatalogue) return new Failure('configuration', 'wrong_catalogue', message)
  if ((error instanceof Refusal && error.status === 503) || error instanceof NewerSchema) {
    return new Failure('database', 'database', withCause(message, cause))
  }
  // The error code of SQLite, or an SQLSTATE of PostgreSQL.
  if (code === 'ERR_SQLITE_ERROR' || /^[0-9A-Z]{5}$/.test(code)) {
    return new Failure('database', 'database', `The database cannot be used: ${message}.`)
  }
  if (error instanceof Conflict) return new Failure('missing', 'conflict', 'One with this name exists already.')
  if (error instanceof Refusal) {
    const { field, message } = error.renamed((name) => {
      const option = snakeCase(nameOn('cli')(name)).replace(/_uid$/, '').replaceAll('_', '-')
      return Object.hasOwn(options, option) ? `--${option}` : snakeCase(name)
    })
    const details = field ? { field: field.replace('--', '').replaceAll('-', '_') } : {}
    if (error.status === 404 || error.key === 'directory.unknown')
      return new Failure('missing', 'not_found', message, details)
    if (error.status === 409) return new Failure('missing', 'conflict', message, details)
    return new Failure('usage', 'invalid', message, details)
  }
  if (code === 'EADDRINUSE') {
    if (typeof port === 'string') {
      const advice = 'Stop the program that listens on it, or choose another path with BEHALF_HOST.'
      return new Failure('failed', 'socket_in_use', `${port} is in use or is no socket. ${advice}`, { path: port })
    }
    const advice = 'Stop the program that listens on it, or choose another port with BEHALF_PORT.'
    return new Failure('failed', 'port_in_use', `Port ${port} is in use. ${advice}`, { port })
  }
  if (['EADDRNOTAVAIL', 'ENOTFOUND', 'EAI_AGAIN'].includes(code)) {
    const host = (error as Fault).hostname ?? address
    const advice = 'Set BEHALF_HOST to an address of this machine, to 0.0.0.0 or to ::.'
    return new Failure('configuration', 'wrong_host', `The server cannot listen on ${host}. ${advice}`, { host })
  }
  if (['EACCES', 'ENOENT', 'EROFS', 'EPERM'].includes(code)) {
    return new Failure('failed', 'system', `The operating system refused: ${message}.`)
  }
  // An unexpected error keeps its stack, because a report of it needs one.
  return Object.assign(new Failure('failed', 'failed', message ?? String(error)), { stack: (error as Error)?.stack })
}

/** Whether the message says everything, so that no stack is printed. */
export function isExpected(failure: Failure): boolean {
  return failure.exit !== EXIT.failed || failure.code !== 'failed'
}

function withCause(message: string, cause: unknown): string {
  const reason = cause instanceof Error ? cause.message || (cause as NodeJS.ErrnoException).code : undefined
  return reason ? `${message} (${reason})` : message
}
