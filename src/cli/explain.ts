import { snakeCase } from '../kit/snake-case.ts'
import { EXIT, Failure } from './kit/exit.ts'

/** Says what went wrong in words for the operator, whoever threw it. */
export async function explain(error: unknown): Promise<Failure> {
  if (error instanceof Failure) return error
  const [{ ConfigError }, { WrongSecret }, { WrongCatalogue }, { Refusal }, { NewerSchema }, { Conflict }] =
    await Promise.all([
      import('../config/load.ts'),
      import('../domain/keys/key-pair.ts'),
      import('../domain/tokens/scopes.ts'),
      import('../kit/refusal.ts'),
      import('../store/engine/migrate.ts'),
      import('../store/engine/db.ts'),
    ])
  const { message, code, cause } = error as Error & { code?: string }
  if (error instanceof ConfigError) {
    return new Failure('configuration', 'configuration', message, { faults: error.faults })
  }
  if (error instanceof WrongSecret) return new Failure('configuration', 'wrong_secret', message)
  if (error instanceof WrongCatalogue) return new Failure('configuration', 'wrong_catalogue', message)
  if ((error instanceof Refusal && error.status === 503) || error instanceof NewerSchema) {
    return new Failure('database', 'database', withCause(message, cause))
  }
  // SQLite's own code, or a SQLSTATE of PostgreSQL.
  if (code === 'ERR_SQLITE_ERROR' || /^[0-9A-Z]{5}$/.test(code ?? '')) {
    return new Failure('database', 'database', `The database cannot be used: ${message}.`)
  }
  if (error instanceof Conflict) return new Failure('missing', 'conflict', 'There is one of that name already.')
  if (error instanceof Refusal) {
    const { field, message } = error.renamed(snakeCase)
    const details = field ? { field } : {}
    if (error.status === 404) return new Failure('missing', 'not_found', message, details)
    if (error.status === 409) return new Failure('missing', 'conflict', message, details)
    return new Failure('usage', 'invalid', message, details)
  }
  if (code === 'EADDRINUSE') {
    const { port } = error as { port?: number }
    const advice = `Stop whoever listens there, or choose another port with BEHALF_PORT.`
    return new Failure('failed', 'port_in_use', `Port ${port} is in use. ${advice}`, { port })
  }
  if (code === 'EACCES' || code === 'EADDRNOTAVAIL' || code === 'ENOENT' || code === 'EROFS' || code === 'EPERM') {
    return new Failure('failed', 'system', `The system refuses: ${message}.`)
  }
  // Nobody foresaw this one: whoever reports it needs the whole story.
  return Object.assign(new Failure('failed', 'failed', message ?? String(error)), { stack: (error as Error)?.stack })
}

/** Whether the error was foreseen, so that its sentence is all there is to say. */
export function isForeseen(failure: Failure): boolean {
  return failure.exit !== EXIT.failed || failure.code !== 'failed'
}

function withCause(message: string, cause: unknown): string {
  const reason = cause instanceof Error ? cause.message || (cause as NodeJS.ErrnoException).code : undefined
  return reason ? `${message} (${reason})` : message
}
