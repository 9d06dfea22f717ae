import { CodedProblem } from '../../kit/refusal.ts'
import { ERROR_CODES, type ErrorCode } from './error-code.ts'

export { codeOf, describable, type ErrorCode } from './error-code.ts'

type Details = ConstructorParameters<typeof CodedProblem>[2]

/** An expected error of the protocol. Goes as soon as its last thrower has a row. */
export class OAuthError extends CodedProblem {
  declare readonly code: ErrorCode
  constructor(code: ErrorCode, sentence: string, details: Details = {}) {
    super(ERROR_CODES[code].status, sentence, details, code)
  }
}

export function refuse(code: ErrorCode, sentence: string, details?: Details): never {
  throw new OAuthError(code, sentence, details)
}
