/** Headers that every answer carries. They are part of how an answer is built, because rewriting one later costs more. */
const ALWAYS = { 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer' }
const NEVER_STORED = { ...ALWAYS, 'cache-control': 'no-store', pragma: 'no-cache' }
const JSON_HEADERS = { ...NEVER_STORED, 'content-type': 'application/json' }
/** Lets browsers on any site read an answer. It takes no cookies, so nothing is lent to the asker (Fetch §3.2). */
export const ANY_ORIGIN = {
  'access-control-allow-origin': '*',
  'access-control-expose-headers': 'WWW-Authenticate, Retry-After',
}

export type HeaderLines = Readonly<Record<string, string | readonly string[]>>

/** What every handler answers: a status, headers (several `set-cookie` lines are a list) and the whole body. */
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

/** Makes a web-standard Response of an answer. */
export function asResponse({ status, headers, body }: Answer): Response {
  const lines = Object.entries(headers).flatMap(([name, value]) => [value].flat().map((line) => [name, line]))
  return new Response(body, { status, headers: lines as [string, string][] })
}

/** A JSON answer that no cache keeps (RFC 6749 §5.1). */
export function json(status: number, body: unknown, headers?: Record<string, string>): Answer {
  return jsonText(status, JSON.stringify(body), headers)
}

/** A JSON answer that no cache keeps, from a body that is JSON already. */
export function jsonText(status: number, body: string, headers?: Record<string, string>): Answer {
  return new Answer(status, headers ? { ...JSON_HEADERS, ...headers } : JSON_HEADERS, body)
}

/** Answers that something was ended (RFC 9110 §15.3.5). */
export function ended(): Answer {
  return new Answer(204, NEVER_STORED, null)
}

/** A JSON answer that is equal for every client. Caches keep it for `seconds`. */
export function sharedJson(body: unknown, seconds: number): Answer {
  const headers = {
    ...ALWAYS,
    'content-type': 'application/json',
    'cache-control': `public, max-age=${seconds}`,
  }
  return new Answer(200, headers, JSON.stringify(body))
}

/** The answer to a preflight (Fetch §4.8): which methods and headers a page of another origin may use. */
export function preflight(methods: string): Answer {
  const allowed = {
    'access-control-allow-origin': '*',
    'access-control-allow-methods': methods,
    // Clients of the Model Context Protocol send its version along, to the metadata as well.
    'access-control-allow-headers': 'Authorization, Content-Type, Accept, MCP-Protocol-Version',
    'access-control-max-age': '86400',
  }
  return new Answer(204, { ...ALWAYS, ...allowed }, null)
}

/** 303, so that a browser always follows with GET and never carries a posted password along (RFC 9700 §4.12). */
export function seeOther(location: string, cookies: readonly string[] = []): Answer {
  return new Answer(303, { ...NEVER_STORED, location, ...(cookies.length > 0 && { 'set-cookie': cookies }) }, null)
}

/** A fixed file: browsers keep it for a year, because its address changes when it does. */
export function asset(body: string | Uint8Array<ArrayBuffer>, type: string): Answer {
  const headers = {
    ...ALWAYS,
    'content-type': type,
    'cache-control': 'public, max-age=31536000, immutable',
    'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; sandbox",
  }
  return new Answer(200, headers, body)
}
