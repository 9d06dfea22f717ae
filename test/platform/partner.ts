import { read } from '../parts/app-calls.ts'
import type { TestSite } from '../parts/test-site.ts'

export const REDIRECT_URI = 'https://app.example/callback'
export const APPS = '/platform/v1/apps'

/** A response as a partner sees it. */
export interface Answer {
  status: number
  headers: Headers
  // biome-ignore lint/suspicious/noExplicitAny: a test asserts what it finds
  body: any
}

/** A client of the management API with one token. */
export interface Partner {
  call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>
  /** Registers an app. The body overrides a valid name and redirect URI. */
  register(body?: Record<string, unknown>): Promise<Answer>
  change(codeName: string, body?: unknown): Promise<Answer>
  show(codeName: string): Promise<Answer>
}

export function partner(test: Pick<TestSite, 'fetch'>, token?: string): Partner {
  const call: Partner['call'] = async (method, path, body, headers = {}) => {
    const isText = typeof body === 'string' || body instanceof Uint8Array
    const response = await test.fetch(path, {
      method,
      headers: {
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: isText ? (body as string) : JSON.stringify(body) }),
    })
    return { status: response.status, headers: response.headers, body: await read(response) }
  }
  return {
    call,
    register: (body = {}) => call('POST', APPS, { name: 'My first app', redirect_uri: REDIRECT_URI, ...body }),
    change: (codeName, body) => call('PUT', `${APPS}/${encodeURIComponent(codeName)}`, body),
    show: (codeName) => call('GET', `${APPS}/${encodeURIComponent(codeName)}`),
  }
}
