/** Headers that every answer carries. They are part of how an answer is built, because rewriting one later costs more. */
const ALWAYS = { 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer' }
const NEVER_STORED = { ...ALWAYS, 'cache-control': 'no-store', pragma: 'no-cache' }
const JSON_HEADERS = { ...NEVER_STORED, 'content-type': 'application/json' }
/** Browsers on any site may read these answers; they carry no cookies, so nothing is lent to the asker (Fetch §3.2). */
const OPEN = {
  'access-control-allow-origin': '*',
  'access-control-expose-headers': 'WWW-Authenticate, Retry-After',
}
const OPEN_JSON_HEADERS = { ...JSON_HEADERS, ...OPEN }

/** An answer whose text and headers are known. Node takes it as it is; for everybody else it is made into a Response. */
export class Reply {
  readonly status: number
  readonly headers: Record<string, string>
  readonly text: string | null

  constructor(status: number, headers: Record<string, string>, text: string | null) {
    this.status = status
    this.headers = headers
    this.text = text
  }
}

/** What a handler answers with. */
export type Answer = Response | Reply

export function asResponse(answer: Answer): Response {
  if (!(answer instanceof Reply)) return answer
  return new Response(answer.text, { status: answer.status, headers: answer.headers })
}

/** A JSON answer that no cache keeps (RFC 6749 §5.1). */
export function json(status: number, body: unknown, headers?: Record<string, string>): Reply {
  return jsonText(status, JSON.stringify(body), headers)
}

/** The same for a body that is JSON already. */
export function jsonText(status: number, body: string, headers?: Record<string, string>): Reply {
  return new Reply(status, headers ? { ...JSON_HEADERS, ...headers } : JSON_HEADERS, body)
}

/** The same, readable by pages of any origin. */
export function openJson(status: number, body: unknown, headers?: Record<string, string>): Reply {
  return openJsonText(status, JSON.stringify(body), headers)
}

/** The same for a body that is JSON already. */
export function openJsonText(status: number, body: string, headers?: Record<string, string>): Reply {
  return new Reply(status, headers ? { ...OPEN_JSON_HEADERS, ...headers } : OPEN_JSON_HEADERS, body)
}

/** Says that something is no more (RFC 9110 §15.3.5), to pages of any origin. */
export function ended(): Reply {
  return new Reply(204, { ...NEVER_STORED, ...OPEN }, null)
}

/** What is the same for everybody, readable by pages of any origin and kept by caches for so many seconds. */
export function sharedJson(body: unknown, seconds: number): Reply {
  const headers = {
    ...ALWAYS,
    ...OPEN,
    'content-type': 'application/json',
    'cache-control': `public, max-age=${seconds}`,
  }
  return new Reply(200, headers, JSON.stringify(body))
}

/** The answer to a preflight (Fetch §4.8): which methods and headers a page of another origin may use. */
export function preflight(methods: string): Reply {
  const allowed = {
    'access-control-allow-origin': '*',
    'access-control-allow-methods': methods,
    // Clients of the Model Context Protocol send its version along, to the metadata as well.
    'access-control-allow-headers': 'Authorization, Content-Type, Accept, MCP-Protocol-Version',
    'access-control-max-age': '86400',
  }
  return new Reply(204, { ...ALWAYS, ...allowed }, null)
}

/** 303, so that a browser always follows with GET and never carries a posted password along (RFC 9700 §4.12). */
export function seeOther(location: string, cookies: readonly string[] = []): Response {
  const headers = new Headers({ ...NEVER_STORED, location })
  for (const cookie of cookies) headers.append('set-cookie', cookie)
  return new Response(null, { status: 303, headers })
}

/** A fixed file: kept by browsers for a year, because its address changes when it does. */
export function asset(body: string | Uint8Array<ArrayBuffer>, type: string): Response {
  return new Response(body, {
    headers: {
      ...ALWAYS,
      'content-type': type,
      'cache-control': 'public, max-age=31536000, immutable',
      'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; sandbox",
    },
  })
}
