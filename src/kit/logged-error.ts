import { hidesToken, inClear } from './in-clear.ts'

/** What the log says about an error. */
interface LoggedError {
  type: string
  message: string
  code?: unknown
  stack: string
  cause?: LoggedError
}

const MAX_MESSAGE_LENGTH = 500
const MAX_CAUSES = 5

/**
 * Returns an error for the log: its type, its message without quoted values, its code, and where it happened. Other members are left out,
 * because database errors repeat whole rows, and parsers the text that they could not parse.
 */
export function loggedError(error: unknown, causes = MAX_CAUSES): LoggedError | string {
  if (!(error instanceof Error)) return 'not an error'
  const { name, code } = error as Error & { code?: unknown }
  const frames = (error.stack ?? '').split('\n').filter((line) => /^ +at /.test(line))
  const message = messageOf(error)
  const cause = error.cause instanceof Error && causes > 0 ? loggedError(error.cause, causes - 1) : undefined
  return {
    type: name,
    message,
    ...(typeof code === 'string' || typeof code === 'number' ? { code } : {}),
    stack: [`${name}: ${message}`, ...frames].join('\n'),
    ...(typeof cause === 'object' ? { cause } : {}),
  }
}

function messageOf(error: Error): string {
  // A parser quotes its input, with quotation marks inside.
  if (error instanceof SyntaxError) return '…'
  const text = error.message
    .slice(0, MAX_MESSAGE_LENGTH)
    .replaceAll(/"[^"]*"?/g, (quoted) => `"${inClear(quoted.replaceAll('"', ''), 100)}"`)
    .replaceAll(/\b[a-z][a-z\d+.-]*:\/\/[^\s"]*/gi, (url) => inClear(url, 200))
  return hidesToken(text)
}
