import { createHash } from 'node:crypto'
import { read } from '../parts/app-calls.ts'
import type { TestSite } from '../parts/test-site.ts'

export const CALLBACK = 'https://assistant.example/callback'
export const VERIFIER = 'a-verifier.of_43~characters-0123456789abcde'
export const PKCE = {
  code_challenge: createHash('sha256').update(VERIFIER).digest('base64url'),
  code_challenge_method: 'S256',
}

export interface RegistrationAnswer {
  status: number
  headers: Headers
  // biome-ignore lint/suspicious/noExplicitAny: a test asserts what it finds
  body: any
}

/** Sends a request to a registration endpoint. An object is sent as JSON, a string unchanged. */
export async function ask(
  test: Pick<TestSite, 'fetch'>,
  method: string,
  path: string,
  { token, body, headers = {} }: { token?: string; body?: unknown; headers?: Record<string, string> } = {},
): Promise<RegistrationAnswer> {
  const response = await test.fetch(path, {
    method,
    headers: {
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  })
  return {
    status: response.status,
    headers: response.headers,
    body: response.status === 204 ? undefined : await read(response),
  }
}

/** Registers an app. The given metadata replaces the valid default. */
export function register(
  test: Pick<TestSite, 'fetch'>,
  description: Record<string, unknown> = {},
  token?: string,
): Promise<RegistrationAnswer> {
  const body = { client_name: 'Assistant', redirect_uris: [CALLBACK], ...description }
  return ask(test, 'POST', '/oauth/register', { body, ...(token === undefined ? {} : { token }) })
}
