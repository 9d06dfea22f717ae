import assert from 'node:assert/strict'
import { authorizationPath, exchange, read } from '../parts/app-calls.ts'
import { connect, type Story } from '../parts/stories.ts'
import type { TestApp } from '../parts/world.ts'

export const VERIFIER = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk'
const CHALLENGE = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM'
const PKCE = { code_challenge: CHALLENGE, code_challenge_method: 'S256' }

export interface Tokens {
  access_token: string
  refresh_token: string
  id_token: string
  scope: string
  expires_in: number
}

/** An app that a person has allowed. Every approval gives tokens of a new chain. */
export async function allowedApp(story: Story, details: Partial<TestApp> = {}, email?: string) {
  const app = await story.world.makeApp(details)
  const { visitor } = await connect(story, app, email, PKCE)
  const approve = async (parameters: Record<string, string> = {}): Promise<Tokens> => {
    let place = await visitor.open(authorizationPath(app, { ...PKCE, ...parameters }))
    if (place.url.includes('/login/consent')) place = await visitor.allow()
    const { code } = visitor.answer()
    assert.ok(code, `${place.status} ${place.url}`)
    const secret = app.public ? { client_secret: undefined } : {}
    return read(exchange(story.test, app, code, { code_verifier: VERIFIER, ...secret }))
  }
  return { app, visitor, approve }
}

/** An app that rotates its refresh tokens, and one that keeps them. */
export const ROTATING: Partial<TestApp> = { protocol: { refresh: 'always', rotateRefreshTokens: true } }
export const KEEPING: Partial<TestApp> = { protocol: { refresh: 'always' } }
