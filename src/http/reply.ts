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

/** A JSON answer that no cache keeps (RFC 6749 §5.1). */
export function json(status: number, body: unknown, headers?: Record<string, string>): Response {
  return jsonText(status, JSON.stringify(body), headers ? { ...JSON_HEADERS, ...headers } : JSON_HEADERS)
}

/** The same, readable by pages of any origin. */
export function openJson(status: number, body: unknown, headers?: Record<string, string>): Response {
  return openJsonText(status, JSON.stringify(body), headers)
}

/** The same for a body that is JSON already. */
export function openJsonText(status: number, body: string, headers?: Record<string, string>): Response {
  return jsonText(status, body, headers ? { ...OPEN_JSON_HEADERS, ...headers } : OPEN_JSON_HEADERS)
}

/** Says that something is no more (RFC 9110 §15.3.5), to pages of any origin. */
export function ended(): Response {
  return new Response(null, { status: 204, headers: { ...NEVER_STORED, ...OPEN } })
}

/** What is the same for everybody, readable by pages of any origin and kept by caches for so many seconds. */
export function sharedJson(body: unknown, seconds: number): Response {
  const headers = {
    ...ALWAYS,
    ...OPEN,
    'content-type': 'application/json',
    'cache-control': `public, max-age=${seconds}`,
  }
  return jsonText(200, JSON.stringify(body), headers)
}

function jsonText(status: number, body: string, headers: Record<string, string>): Response {
  return new Response(body, { status, headers })
}

/** The answer to a preflight (Fetch §4.8): which methods and headers a page of another origin may use. */
export function preflight(methods: string): Response {
  return new Response(null, {
    status: 204,
    headers: {
      ...ALWAYS,
      'access-control-allow-origin': '*',
      'access-control-allow-methods': methods,
      'access-control-allow-headers': 'Authorization, Content-Type, Accept',
      'access-control-max-age': '86400',
    },
  })
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
