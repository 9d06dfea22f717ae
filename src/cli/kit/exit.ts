/** What the exit code of every command means. */
export const EXIT = { done: 0, failed: 1, usage: 2, configuration: 3, missing: 4, database: 5 } as const

export const EXIT_SENTENCES: Record<keyof typeof EXIT, string> = {
  done: 'Done.',
  failed: 'Failed, or something is not as it should be.',
  usage: 'The command line is wrong, or a value on it cannot be used.',
  configuration: 'The settings in the environment are wrong.',
  missing: 'There is no such thing, or there is one already.',
  database: 'The database cannot be used at this moment.',
}

/** A command that cannot be done, and how the process ends. */
export class Failure extends Error {
  readonly exit: number
  /** One word for programs. */
  readonly code: string
  readonly details: Record<string, unknown>

  constructor(exit: keyof typeof EXIT, code: string, sentence: string, details: Record<string, unknown> = {}) {
    super(sentence)
    this.exit = EXIT[exit]
    this.code = code
    this.details = details
  }
}
