import type { TestSite } from './test-site.ts'
import type { TestApp } from './world.ts'

/** What an app sends to our endpoints, as in the founding document. */

/** The path and query of the authorization URL. */
export function authorizationPath(
  app: TestApp,
  parameters: Record<string, string> = {},
  path = '/app/oauth/authorize',
): string {
  const standard: Record<string, string> = app.origin === 'platform' ? {} : { response_type: 'code' }
  const query = new URLSearchParams({
    client_id: app.clientId,
    redirect_uri: app.redirectUri,
    ...standard,
    ...parameters,
  })
  return `${path}?${query}`
}

/** The exchange of the founding document, with everything in a JSON body. */
export function exchange(
  test: Pick<TestSite, 'fetch'>,
  app: TestApp,
  code: string,
  changes: Record<string, unknown> = {},
): Promise<Response> {
  const body = {
    grant_type: 'authorization_code',
    code,
    client_id: app.clientId,
    client_secret: app.secret,
    redirect_uri: app.redirectUri,
    ...changes,
  }
  return test.fetch('/oauth/token', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
}

/** An exchange as a form. `undefined` leaves a parameter out. */
export function exchangeForm(
  test: Pick<TestSite, 'fetch'>,
  parameters: Record<string, string | undefined> | string,
  headers: Record<string, string> = {},
): Promise<Response> {
  const given = typeof parameters === 'string' ? parameters : toForm(parameters)
  return test.fetch('/oauth/token', {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    body: given,
  })
}

export function toForm(parameters: Record<string, string | undefined>): string {
  const entries = Object.entries(parameters).filter((entry): entry is [string, string] => entry[1] !== undefined)
  return new URLSearchParams(entries).toString()
}

export function basic(id: string, secret: string): string {
  return `Basic ${Buffer.from(`${encodeURIComponent(id)}:${encodeURIComponent(secret)}`).toString('base64')}`
}

export function userinfo(
  test: Pick<TestSite, 'fetch'>,
  token: string,
  headers: Record<string, string> = {},
): Promise<Response> {
  return test.fetch('/oauth/userinfo', { headers: { authorization: `Bearer ${token}`, ...headers } })
}

/** Refreshes a token, for an app with or without a secret. */
export function refresh(
  test: Pick<TestSite, 'fetch'>,
  app: TestApp,
  refreshToken: string,
  changes: Record<string, string | undefined> = {},
): Promise<Response> {
  const parameters = { grant_type: 'refresh_token', refresh_token: refreshToken, ...proof(app), ...changes }
  return exchangeForm(test, parameters)
}

/** Revokes a token (RFC 7009 §2.1). */
export function revoke(
  test: Pick<TestSite, 'fetch'>,
  app: TestApp,
  token: string,
  changes: Record<string, string | undefined> = {},
): Promise<Response> {
  return test.fetch('/oauth/revoke', {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: toForm({ token, ...proof(app), ...changes }),
  })
}

/** The credentials of an app in the body. */
function proof(app: TestApp): Record<string, string | undefined> {
  return { client_id: app.clientId, client_secret: app.public ? undefined : app.secret }
}

/** Reads JSON without a type. */
// biome-ignore lint/suspicious/noExplicitAny: a test asserts what it finds
export async function read(response: Response | Promise<Response>): Promise<any> {
  return (await response).json()
}
