import assert from 'node:assert/strict'
import { EventEmitter, once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, test } from 'node:test'
import { createLocalJWKSet, jwtVerify } from 'jose'
import * as client from 'openid-client'
import type { Page } from 'playwright-core'
import { read, userinfo } from '../parts/app-calls.ts'
import { newPage, openBrowser } from '../parts/browser.ts'
import { databaseOf, listeningSite } from '../parts/listening-site.ts'
import { onBothEngines } from '../parts/stories.ts'
import { makeWorld, PASSWORD } from '../parts/world.ts'

/** The server of the app: another site for browsers. It keeps what arrives at the back channel. */
const received: string[] = []
const arrivals = new EventEmitter()
let form = ''
const appServer = createServer(async (request, response) => {
  let body = ''
  for await (const piece of request) body += piece
  if (request.method === 'POST') {
    received.push(new URLSearchParams(body).get('logout_token')!)
    arrivals.emit('arrived')
  }
  response.writeHead(200, { 'content-type': 'text/html' }).end(`<h1>The app</h1>${form}`)
}).listen(0, '127.0.0.1')
await once(appServer, 'listening')
after(() => appServer.close())
const port = (appServer.address() as AddressInfo).port
const APP = `http://localhost:${port}`

const browser = await openBrowser()
after(() => browser.close())

onBothEngines(async (engine) => {
  const server = await listeningSite({ BEHALF_OUTBOUND_PRIVATE: 'on', ...(await databaseOf(engine)) })
  const world = await makeWorld(server)
  const bakery = await world.makeBusiness('Bread & Butter')
  await world.makePerson('dana@example.com', 'Dana Levi', [bakery])
  const app = await world.makeApp({
    name: 'Ledger',
    redirectUri: `${APP}/callback`,
    protocol: { postLogoutRedirectUris: [`${APP}/bye`], backchannelLogoutUri: `http://127.0.0.1:${port}/back-channel` },
  })
  const config = await client.discovery(new URL(server.origin), app.clientId, app.secret, undefined, {
    execute: [client.allowInsecureRequests],
  })
  const keys = createLocalJWKSet(await read(server.fetch('/oauth/jwks')))
  const page = await newPage(browser, { javaScriptEnabled: false })

  /** Signs in at the app, allows it if asked, and returns its tokens. */
  async function signIn(page: Page) {
    const link = client.buildAuthorizationUrl(config, { redirect_uri: `${APP}/callback`, scope: 'openid' })
    await page.goto(link.href)
    await page.fill('#email', 'dana@example.com')
    await page.fill('#password', PASSWORD)
    await page.click('#sign-in')
    if (!page.url().startsWith(APP)) await page.click('#allow')
    await page.waitForURL(`${APP}/callback?*`)
    const tokens = await client.authorizationCodeGrant(config, new URL(page.url()), { idTokenExpected: true })
    return { tokens, idToken: tokens.id_token!, sid: tokens.claims()!.sid }
  }

  /** Waits until the app has received a logout token, which the server delivers after its answer, and returns its claims. */
  async function nextLogoutToken(): Promise<Record<string, unknown>> {
    if (received.length === 0) await once(arrivals, 'arrived', { signal: AbortSignal.timeout(15_000) })
    assert.equal(received.length, 1)
    const options = { issuer: server.origin, audience: app.clientId, typ: 'logout+jwt' }
    return (await jwtVerify(received.shift()!, keys, options)).payload
  }

  const isSignedOut = async () => {
    await page.goto(`${server.origin}/signed-in`)
    return page.url().endsWith('/login')
  }

  test('openid-client: the app sends the person to sign out, gets them back, and receives a logout token', async () => {
    const { tokens, idToken, sid } = await signIn(page)
    const link = client.buildEndSessionUrl(config, {
      id_token_hint: idToken,
      post_logout_redirect_uri: `${APP}/bye`,
      state: 'a b/ü',
    })
    await page.goto(link.href)
    assert.equal(page.url(), `${APP}/bye?state=a%20b%2F%C3%BC`)
    assert.equal(await isSignedOut(), true)
    const claims = await nextLogoutToken()
    assert.deepEqual([claims.sid, claims.sub], [sid, tokens.claims()!.sub])
    assert.equal((await userinfo(server, tokens.access_token)).status, 200, 'the business stays connected')
  })

  test('a logout form posted from the app’s own site works in a real browser that holds our cookies back', async () => {
    const { idToken } = await signIn(page)
    form = `<form method="post" action="${config.serverMetadata().end_session_endpoint}">
<input type="hidden" name="id_token_hint" value="${idToken}">
<input type="hidden" name="post_logout_redirect_uri" value="${APP}/bye"><button>Sign out</button></form>`
    await page.goto(`${APP}/`)
    await page.click('button')
    await page.waitForURL(`${APP}/bye`)
    assert.equal(await isSignedOut(), true)
    await nextLogoutToken()
  })

  test('without an ID token the person decides, and gets back to the app either way', async () => {
    await signIn(page)
    const link = client.buildEndSessionUrl(config, { post_logout_redirect_uri: `${APP}/bye`, state: 's' })
    await page.goto(link.href)
    assert.match((await page.textContent('main'))!, /Ledger asks to sign you out here as well/)
    await page.click('#stay')
    assert.equal(await isSignedOut(), false)
    await page.goto(link.href)
    await page.click('#sign-out')
    await page.waitForURL(`${APP}/bye?state=s`)
    assert.equal(await isSignedOut(), true)
    await nextLogoutToken()
    await page.goBack()
    await page.goto(link.href)
    assert.match(page.url(), /\/signed-out\?logout_request=/)
    await page.click('#back')
    await page.waitForURL(`${APP}/bye?state=s`)
  })
})
