import type { Answer } from './reply.ts'

/**
 * Thrown to answer a request from below its handler, such as a redirect to the sign-in page. The boundary sends the answer as it is: it is
 * no refusal, and nothing is logged.
 */
export class EarlyAnswer {
  readonly answer: Answer

  constructor(answer: Answer) {
    this.answer = answer
  }
}
