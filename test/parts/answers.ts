import assert from 'node:assert/strict'
import { read } from './app-calls.ts'

/** Checks that a response is of one kind, and returns what it contains. Each fails the test otherwise. */

/** An error page without a redirect (RFC 6749 §4.1.2.1: until client and redirect URI are verified). */
export async function isErrorPage(response: Response, status = 400, about = ''): Promise<string> {
  const html = await response.text()
  assert.equal(response.status, status, about || html.slice(0, 500))
  assert.equal(response.headers.get('location'), null, about)
  assert.match(response.headers.get('content-type') ?? '', /^text\/html/, about)
  assert.match(html, /<h1>/, about)
  assert.match(html, /id="reference"[^>]*>[a-z0-9]{12}</, about)
  return html
}

/** A redirect to the app. Returns the parameters that were appended to its redirect URI. */
export function isSentBack(response: Response, redirectUri: string, about = ''): Record<string, string> {
  const location = response.headers.get('location') ?? ''
  assert.equal(response.status, 303, about || location)
  assert.ok(location.startsWith(redirectUri), `${about}: ${location}`)
  const query = new URL(location).searchParams
  for (const name of query.keys()) assert.equal(query.getAll(name).length, 1, `${about}: ${name} occurs once`)
  return Object.fromEntries(query)
}

/** A redirect to the sign-in page. Returns the ticket of the pending request. */
export function isWaiting(response: Response, about = ''): string {
  const ticket = /^\/login\?ticket=([0-9a-f]{64})$/.exec(response.headers.get('location') ?? '')?.[1]
  assert.ok(response.status === 303 && ticket, `${about}: ${response.status} ${response.headers.get('location')}`)
  return ticket
}

/** An error as in RFC 6749 §5.2: JSON with no-store and a description of the allowed characters. */
export async function isOAuthError(response: Response, status: number, code: string, about = ''): Promise<string> {
  const body = await read(response)
  assert.deepEqual([response.status, body.error], [status, code], `${about}: ${JSON.stringify(body)}`)
  assert.match(body.error_description, /^[\x20-\x21\x23-\x5B\x5D-\x7E]+$/, about)
  assert.equal(response.headers.get('content-type'), 'application/json', about)
  assert.equal(response.headers.get('cache-control'), 'no-store', about)
  assert.equal(response.headers.get('pragma'), 'no-cache', about)
  assert.match(body.reference, /^[a-z0-9]{12}$/, about)
  return body.error_description
}
