import type { Answer } from './reply.ts'

/**
 * Thrown to answer a request from below its handler, such as a redirect to the sign-in page. The boundary sends the answer
 * unchanged and logs nothing, because it is not a refusal.
 */
export class EarlyAnswer {
  readonly answer: Answer

  constructor(answer: Answer) {
    this.answer = answer
  }
}
