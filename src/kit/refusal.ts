/** What a refusal may carry besides its sentence. */
export interface RefusalDetails {
  /** For the log only; never shown. */
  cause?: unknown
  /** The parameter or field that was wrong, by its name on the wire. */
  field?: string
  /** The short, lasting name of the check that refused; where it is left out, the field or the code names it. */
  check?: string
  headers?: Record<string, string>
}

/** An expected error: a status and a sentence that the asker may read. Anything else that is thrown is our own bug. */
export class Refusal extends Error {
  readonly status: number
  readonly field: string | undefined
  readonly check: string | undefined
  readonly headers: Record<string, string> | undefined

  constructor(status: number, sentence: string, details: RefusalDetails = {}) {
    super(sentence, { cause: details.cause })
    this.status = status
    this.field = details.field
    this.check = details.check
    this.headers = details.headers
  }
}

/** A refusal on a page or in the management API. */
export class Problem extends Refusal {}

/** Says that we cannot answer now and when to try again (RFC 9110 §10.2.3); nothing was changed. */
export class Unavailable extends Refusal {
  constructor(sentence: string, cause?: unknown, retryAfter = 2) {
    super(503, sentence, { cause, headers: { 'retry-after': String(retryAfter) } })
  }
}

/** Says that somebody asks too often, and when to try again. */
export class TooMany extends Refusal {
  constructor(sentence: string, retryAfter: number) {
    super(429, sentence, { headers: { 'retry-after': String(Math.max(1, Math.ceil(retryAfter))) } })
  }
}
