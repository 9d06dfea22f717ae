import { nameInClear } from '../kit/in-clear.ts'
import { Refusal } from '../kit/refusal.ts'
import { snakeCase } from '../kit/snake-case.ts'
import { EarlyAnswer } from './early-answer.ts'
import type { Incoming } from './incoming.ts'
import { refusal as httpRefusal } from './refusals.ts'
import type { Answer, HeaderLines } from './reply.ts'

/** What the log says about a request that was refused or failed. */
interface Failure {
  reference: string
  method: string
  /** Without the query and without anything else that may be a secret. */
  path: string
  status: number
  error?: string
  check?: string
  parameter?: string
  err?: unknown
}

export interface FailureLog {
  info(failure: Failure): void
  warn(failure: Failure): void
  error(failure: Failure): void
}

/** How the requests to one endpoint are answered. */
export interface Route {
  handle(incoming: Incoming): Answer | Promise<Answer>
  renderError(refusal: Refusal, incoming: Incoming): Answer | Promise<Answer>
  /** Keeps a refusal for `behalf why`. It runs after the answer is made, so that the answer does not wait for it. */
  keep?: ((refusal: Refusal, incoming: Incoming) => void) | undefined
  /** Headers that every answer of this route carries, errors included. */
  headers?: HeaderLines | undefined
  log: FailureLog
}

/**
 * Turns anything thrown into an answer. A Refusal is rendered as this route renders errors. Anything else is our bug: the answer contains
 * only a reference, and the log gets the error.
 */
export async function withinBoundary(incoming: Incoming, route: Route): Promise<Answer> {
  const answer = await answerOf(incoming, route)
  return route.headers ? answer.with(route.headers) : answer
}

async function answerOf(incoming: Incoming, route: Route): Promise<Answer> {
  try {
    return await route.handle(incoming)
  } catch (error) {
    if (error instanceof EarlyAnswer) return error.answer
    const refusal =
      error instanceof Refusal ? error.renamed(snakeCase) : httpRefusal('server.fault', {}, { cause: error })
    note(error instanceof Refusal ? refusal : error, incoming, route.log)
    const answer = await route.renderError(refusal, incoming)
    route.keep?.(refusal, incoming)
    return answer
  }
}

function note(error: unknown, { reference, method, loggedPath }: Incoming, log: FailureLog): void {
  const request = { reference, method, path: loggedPath }
  if (!(error instanceof Refusal)) {
    log.error({ ...request, status: 500, err: error })
    return
  }
  const failure: Failure = { ...request, status: error.status, ...loggedRefusal(error) }
  if (error.cause !== undefined) failure.err = error.cause
  if (error.status >= 500) log.warn(failure)
  else log.info(failure)
}

/**
 * Returns what the log says about a refusal: never its message, which may quote the request. `check` is as in `behalf why`.
 */
export function loggedRefusal({ code, actual, field }: Refusal): Pick<Failure, 'error' | 'check' | 'parameter'> {
  return {
    ...(code === undefined ? {} : { error: code }),
    check: actual.check,
    ...(field === undefined ? {} : { parameter: nameInClear(field) }),
  }
}
