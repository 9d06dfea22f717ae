import assert from 'node:assert/strict'
import { read } from './app-calls.ts'

/** What an answer of ours turned out to be; each of these fails the test when it is something else. */

/** A page that says what is wrong, and sends nobody anywhere (RFC 6749 §4.1.2.1: until client and redirect URI are proven). */
export async function isErrorPage(response: Response, status = 400, about = ''): Promise<string> {
  const html = await response.text()
  assert.equal(response.status, status, about || html.slice(0, 500))
  assert.equal(response.headers.get('location'), null, about)
  assert.match(response.headers.get('content-type') ?? '', /^text\/html/, about)
  assert.match(html, /<h1>/, about)
  assert.match(html, /id="reference"[^>]*>[a-z0-9]{12}</, about)
  return html
}

/** The browser is sent back to the app; the parameters that were appended to its redirect URI. */
export function isSentBack(response: Response, redirectUri: string, about = ''): Record<string, string> {
  const location = response.headers.get('location') ?? ''
  assert.equal(response.status, 303, about || location)
  assert.ok(location.startsWith(redirectUri), `${about}: ${location}`)
  const query = new URL(location).searchParams
  for (const name of query.keys()) assert.equal(query.getAll(name).length, 1, `${about}: ${name} is there once`)
  return Object.fromEntries(query)
}

/** The request was understood, and waits for somebody to sign in; its ticket. */
export function isWaiting(response: Response, about = ''): string {
  const ticket = /^\/login\?ticket=([0-9a-f]{64})$/.exec(response.headers.get('location') ?? '')?.[1]
  assert.ok(response.status === 303 && ticket, `${about}: ${response.status} ${response.headers.get('location')}`)
  return ticket
}

/** An error as RFC 6749 §5.2 has it: JSON that no cache keeps, with a description of the characters that are allowed. */
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
