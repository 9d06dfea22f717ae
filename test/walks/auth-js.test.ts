import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { Auth, type AuthConfig } from '@auth/core'
import { DrizzleAdapter } from '@auth/drizzle-adapter'
import { drizzle } from 'drizzle-orm/node-postgres'
import pg from 'pg'
import { libraryStory } from '../parts/library-story.ts'
import { freshDatabase } from '../parts/postgres.ts'
import { partner } from '../platform/partner.ts'

const APP = 'http://localhost:3000'
const CALLBACK = `${APP}/auth/callback/behalf`
/** The tables of the documentation of Auth.js (authjs.dev/getting-started/adapters/drizzle), as drizzle-kit creates them. */
const TABLES = `
  create table "user" (id text primary key, name text, email text unique, "emailVerified" timestamp, image text);
  create table account ("userId" text not null references "user" (id) on delete cascade, type text not null,
    provider text not null, "providerAccountId" text not null, refresh_token text, access_token text,
    expires_at integer, token_type text, scope text, id_token text, session_state text,
    primary key (provider, "providerAccountId"));
  create table session ("sessionToken" text primary key, "userId" text not null references "user" (id) on delete cascade,
    expires timestamp not null);`

/** The application: Auth.js and its Drizzle adapter, with a database of its own. */
async function openApp(provider: { issuer: string; clientId: string; clientSecret: string }) {
  const pool = new pg.Pool({ connectionString: await freshDatabase(), max: 2 })
  after(() => pool.end())
  await pool.query(TABLES)
  const errors: Error[] = []
  const config: AuthConfig = {
    ...{ basePath: '/auth', secret: 'a secret of the application', trustHost: true },
    adapter: DrizzleAdapter(drizzle(pool)),
    session: { strategy: 'database' },
    providers: [{ id: 'behalf', name: 'Behalf', type: 'oidc', checks: ['pkce', 'state', 'nonce'], ...provider }],
    logger: { error: (error) => errors.push(error) },
  }
  const cookies = new Map<string, string>()
  /** Opens a page of the application in one browser. */
  const open = async (path: string, form?: Record<string, string>) => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const body = form && { method: 'POST', body: new URLSearchParams(form) }
    const response = await Auth(new Request(new URL(path, APP), { headers: { cookie }, ...body }), config)
    for (const each of response.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(each)!
      cookies.set(name!, value!)
    }
    return response
  }
  return { open, errors, rows: async (sql: string) => (await pool.query(sql)).rows }
}

test('an application with Auth.js and Drizzle signs people in; a token lifetime of 30 days fits its 32-bit column', async () => {
  const { server, world, dana, follow } = await libraryStory('sqlite')
  const { register } = partner(server, await world.makePlatformToken('directory'))

  /** Registers the application and signs Dana in. Returns the application, and the page that the browser sees in the end. */
  const signIn = async (settings: Record<string, unknown>) => {
    const { client_id, client_secret } = (await register({ redirect_uri: CALLBACK, ...settings })).body.data
    const app = await openApp({ issuer: server.origin, clientId: client_id, clientSecret: client_secret })
    const { csrfToken } = (await (await app.open('/auth/csrf')).json()) as { csrfToken: string }
    const leaving = await app.open('/auth/signin/behalf', { csrfToken, callbackUrl: APP })
    const back = await follow(leaving.headers.get('location')!)
    assert.ok(back.href.startsWith(`${CALLBACK}?`), back.href)
    const end = await app.open(back.pathname + back.search)
    return { app, end: end.headers.get('location')! }
  }

  const twentyYears = await signIn({})
  assert.match(twentyYears.end, /\/auth\/error/)
  const [error] = twentyYears.app.errors
  assert.match(String((error?.cause as { err?: Error })?.err?.cause), /out of range for type integer/)
  assert.deepEqual(await twentyYears.app.rows('select * from account'), [])

  const { app, end } = await signIn({ access_token_lifetime: 2_592_000 })
  assert.deepEqual([new URL(end).origin, app.errors], [APP, []])
  const [account] = await app.rows('select * from account')
  const { provider: id, providerAccountId, token_type, scope, expires_at } = account
  assert.deepEqual([id, providerAccountId, token_type, scope], ['behalf', dana, 'bearer', 'openid profile email'])
  const left = expires_at - Math.floor(Date.now() / 1000)
  assert.ok(left > 2_591_900 && left <= 2_592_000, `${left} seconds are left`)
  const { user } = (await (await app.open('/auth/session')).json()) as { user: Record<string, unknown> }
  assert.deepEqual([user.name, user.email], ['Dana Levi', 'dana@example.com'], 'from the ID token')
})
