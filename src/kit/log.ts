import { type Logger, pino } from 'pino'
import { openLogOutput } from './log-output.ts'
import { loggedError } from './logged-error.ts'
import { withoutUnseen } from './unseen.ts'

export type Log = Logger

/** One JSON line per event, by default on standard output. Callers log names and references, never tokens, queries or bodies. */
export function openLog(level: string, destination: { write(line: string): void } = openLogOutput(1)): Log {
  const options = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    hooks: { streamWrite: showable },
    serializers: { err: (error: unknown) => loggedError(error) },
    // A second defence, in case such a value is ever passed.
    redact: {
      paths: [
        'token',
        'code',
        'secret',
        'password',
        'client_secret',
        'access_token',
        'authorization',
        'cookie',
        '*.password',
      ],
      censor: '[hidden]',
    },
  }
  return pino(options, destination)
}

/** JSON escapes only the ASCII controls. Terminals obey others too (U+009B begins a command), and bidi marks turn a line around. */
function showable(line: string): string {
  return /^[\n -~]*$/.test(line) ? line : `${withoutUnseen(line.trimEnd(), '?')}\n`
}
