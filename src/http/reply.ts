/** Headers of every answer. They are set when an answer is built, because changing it later costs more. */
const ALWAYS = { 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer' }
const NEVER_STORED = { ...ALWAYS, 'cache-control': 'no-store', pragma: 'no-cache' }
const JSON_HEADERS = { ...NEVER_STORED, 'content-type': 'application/json' }
/** Lets pages of any origin read an answer (Fetch §3.2). Browsers send no cookies with such requests. */
export const ANY_ORIGIN = {
  'access-control-allow-origin': '*',
  'access-control-expose-headers': 'WWW-Authenticate, Retry-After',
}

export type HeaderLines = Readonly<Record<string, string | readonly string[]>>

/** The answer of a handler: a status, headers (several `set-cookie` lines are a list) and the whole body. */
export class Answer {
  readonly status: number
  readonly headers: HeaderLines
  readonly body: string | Uint8Array<ArrayBuffer> | null

  constructor(status: number, headers: HeaderLines, body: Answer['body']) {
    this.status = status
    this.headers = headers
    this.body = body
  }

  /** Returns a copy in which these headers are set. */
  with(headers: HeaderLines): Answer {
    return new Answer(this.status, { ...this.headers, ...headers }, this.body)
  }
}

/** Converts an answer to a web-standard Response. */
export function asResponse({ status, headers, body }: Answer): Response {
  const lines = Object.entries(headers).flatMap(([name, value]) => [value].flat().map((line) => [name, line]))
  return new Response(body, { status, headers: lines as [string, string][] })
}

/** A JSON answer that no cache keeps (RFC 6749 §5.1). */
export function json(status: number, body: unknown, headers?: Record<string, string>): Answer {
  return jsonText(status, JSON.stringify(body), headers)
}

/** A JSON answer that no cache keeps, from serialized JSON. */
export function jsonText(status: number, body: string, headers?: Record<string, string>): Answer {
  return new Answer(status, headers ? { ...JSON_HEADERS, ...headers } : JSON_HEADERS, body)
}

/** A 204 answer, for something that was ended (RFC 9110 §15.3.5). */
export function ended(): Answer {
  return new Answer(204, NEVER_STORED, null)
}

/** A JSON answer that is the same for every client. Caches keep it for five minutes. */
export function sharedJson(body: unknown): Answer {
  const headers = { ...ALWAYS, 'content-type': 'application/json', 'cache-control': 'public, max-age=300' }
  return new Answer(200, headers, JSON.stringify(body))
}

/** The answer to a preflight (Fetch §4.8): which methods and headers a page of another origin may use. */
export function preflight(methods: string): Answer {
  const allowed = {
    'access-control-allow-origin': '*',
    'access-control-allow-methods': methods,
    // Libraries add headers of their own. `*` means every header except Authorization (Fetch §4.8), and only without cookies.
    'access-control-allow-headers': 'Authorization, Content-Type, *',
    'access-control-max-age': '86400',
  }
  return new Answer(204, { ...ALWAYS, ...allowed }, null)
}

/** A 303 answer: browsers always follow it with GET, and never repeat a posted password (RFC 9700 §4.12). */
export function seeOther(location: string, cookies: readonly string[] = []): Answer {
  return new Answer(303, { ...NEVER_STORED, location, ...(cookies.length > 0 && { 'set-cookie': cookies }) }, null)
}

/** A static file. Browsers keep it for a year, because its URL changes with its content. */
export function asset(body: string | Uint8Array<ArrayBuffer>, type: string): Answer {
  const headers = {
    ...ALWAYS,
    'content-type': type,
    'cache-control': 'public, max-age=31536000, immutable',
    'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; sandbox",
  }
  return new Answer(200, headers, body)
}
