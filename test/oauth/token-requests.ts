import { authorizationPath } from '../parts/app-calls.ts'
import { connect, type Story } from '../parts/stories.ts'
import type { TestApp } from '../parts/world.ts'

export const FORM = 'application/x-www-form-urlencoded'
export const JSON_TYPE = 'application/json'

/** Sends token requests of one trusted app, each with a fresh code, exactly as given. */
export interface TokenRequests {
  app: TestApp
  parameters(): Promise<Record<string, string>>
  send(
    body: string | Uint8Array<ArrayBuffer>,
    type?: string,
    headers?: Record<string, string>,
    path?: string,
  ): Promise<Response>
}

export async function tokenRequests(story: Story): Promise<TokenRequests> {
  const app = await story.world.makeApp({ trusted: true })
  const { visitor } = await connect(story, app)
  return {
    app,
    async parameters() {
      await visitor.open(authorizationPath(app))
      return {
        grant_type: 'authorization_code',
        code: visitor.answer().code!,
        client_id: app.clientId,
        client_secret: app.secret,
        redirect_uri: app.redirectUri,
      }
    },
    send(body, type, headers = {}, path = '/oauth/token') {
      const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : body
      const all = { ...(type === undefined ? {} : { 'content-type': type }), ...headers }
      return story.test.fetch(path, { method: 'POST', headers: all, body: bytes })
    },
  }
}
