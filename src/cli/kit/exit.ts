export const EXIT = { done: 0, failed: 1, usage: 2, configuration: 3, missing: 4, database: 5 } as const

/** What each exit code means. */
export const EXIT_DESCRIPTIONS: Record<keyof typeof EXIT, string> = {
  done: 'Done.',
  failed: 'Failed, or a check found a problem.',
  usage: 'The command line or one of its values is invalid.',
  configuration: 'The settings in the environment are invalid.',
  missing: 'It does not exist, or exists already.',
  database: 'The database cannot be used at the moment.',
}

/** Ends a command with an exit code and a message. `code` is the `error` of the JSON answer. */
export class Failure extends Error {
  readonly exit: number
  readonly code: string
  readonly details: Record<string, unknown>

  constructor(exit: keyof typeof EXIT, code: string, message: string, details: Record<string, unknown> = {}) {
    super(message)
    this.exit = EXIT[exit]
    this.code = code
    this.details = details
  }
}

export const usageFailure = (message: string, details?: Record<string, unknown>) =>
  new Failure('usage', 'usage', message, details)

export const notFound = (message: string, details?: Record<string, unknown>) =>
  new Failure('missing', 'not_found', message, details)
