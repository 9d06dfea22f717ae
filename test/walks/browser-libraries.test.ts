import assert from 'node:assert/strict'
import { createReadStream, existsSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { basename } from 'node:path'
import { after, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'
import { newPage, openBrowser } from '../parts/browser.ts'
import { libraryStory } from '../parts/library-story.ts'
import { onBothEngines } from '../parts/stories.ts'
import { PASSWORD } from '../parts/world.ts'

const browser = await openBrowser()
after(() => browser.close())

const TYPES: Record<string, string> = {
  html: 'text/html',
  css: 'text/css',
  js: 'text/javascript',
  json: 'application/json',
}

/** Serves pages, and the files of these folders of installed packages, on a port of its own. Returns its origin. */
async function serve(pages: Record<string, string>, folders: readonly string[]): Promise<string> {
  const server = createServer((message, response) => {
    const path = new URL(message.url!, 'http://localhost').pathname
    const type = `${TYPES[path.split('.').at(-1)!] ?? 'text/html'}; charset=utf-8`
    const page = pages[path]
    const file = folders.map((folder) => folder + basename(path)).find((each) => existsSync(each))
    if (page !== undefined) response.writeHead(200, { 'content-type': type }).end(page)
    else if (file && path !== '/') createReadStream(file).pipe(response.writeHead(200, { 'content-type': type }))
    else response.writeHead(404).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  after(() => server.close())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const folderOf = (name: string) => fileURLToPath(new URL(`../../node_modules/${name}/`, import.meta.url))

/** Signs Dana in and allows the app, on our pages. */
async function signIn(page: Page): Promise<void> {
  await page.fill('[name=email]', 'dana@example.com')
  await page.fill('[name=password]', PASSWORD)
  await page.click('#sign-in')
  await page.click('#allow')
}

onBothEngines(async (engine) => {
  const { server, world, dana } = await libraryStory(engine)
  const at = (path: string) => server.origin + path

  test('Swagger UI: its Authorize button with PKCE, and a request with the token', async () => {
    const app = await world.makeApp({ public: true, redirectUri: 'http://127.0.0.1/oauth2-redirect.html' })
    const flow = {
      authorizationUrl: at('/oauth/authorize'),
      tokenUrl: at('/oauth/token'),
      scopes: { openid: 'Sign in', profile: 'Name' },
    }
    const description = {
      openapi: '3.0.3',
      info: { title: 'Sample', version: '1' },
      servers: [{ url: server.origin }],
      components: { securitySchemes: { behalf: { type: 'oauth2', flows: { authorizationCode: flow } } } },
      paths: {
        '/oauth/userinfo': {
          get: { security: [{ behalf: ['openid', 'profile'] }], responses: { 200: { description: 'The person' } } },
        },
      },
    }
    const start = `<!doctype html><div id="ui"></div><script src="/swagger-ui-bundle.js"></script><script>
const ui = SwaggerUIBundle({ url: '/openapi.json', dom_id: '#ui', oauth2RedirectUrl: location.origin + '/oauth2-redirect.html' })
ui.initOAuth({ clientId: '${app.clientId}', scopes: 'openid profile', usePkceWithAuthorizationCodeGrant: true })
</script>`
    const pages = { '/': start, '/openapi.json': JSON.stringify(description) }
    const page = await newPage(browser)
    page.setDefaultTimeout(30_000)
    await page.goto(await serve(pages, [folderOf('swagger-ui-dist')]))
    await page.click('.btn.authorize')
    const [popup] = await Promise.all([page.waitForEvent('popup'), page.click('.modal-ux .btn.authorize')])
    await signIn(popup)
    await page.locator('.modal-ux', { hasText: 'Logout' }).waitFor()
    await page.click('.btn-done')
    await page.click('.opblock-summary-control')
    await page.click('.try-out__btn')
    await page.click('.btn.execute')
    await page.locator('.live-responses-table', { hasText: 'Dana Levi' }).first().waitFor()
    await page.context().close()
  })

  for (const responseMode of ['query', 'fragment'] as const) {
    test(`okta-auth-js: sign-in with response_mode=${responseMode}, userinfo, refresh, revocation`, async () => {
      const app = await world.makeApp({ public: true, redirectUri: 'http://127.0.0.1/' })
      const settings = {
        issuer: server.origin,
        clientId: app.clientId,
        scopes: ['openid', 'profile', 'email', 'offline_access'],
        responseMode,
        authorizeUrl: at('/oauth/authorize'),
        tokenUrl: at('/oauth/token'),
        userinfoUrl: at('/oauth/userinfo'),
        revokeUrl: at('/oauth/revoke'),
        tokenManager: { autoRenew: false },
      }
      const start = `<!doctype html><p id="said"></p><script src="/okta-auth-js.min.js"></script><script>
const auth = new OktaAuth({ ...${JSON.stringify(settings)}, redirectUri: location.origin + '/' })
async function run() {
  if (!auth.isLoginRedirect()) return auth.token.getWithRedirect()
  const { tokens } = await auth.token.parseFromUrl()
  auth.tokenManager.setTokens(tokens)
  const person = await auth.token.getUserInfo()
  const renewed = await auth.token.renewTokens()
  await auth.revokeAccessToken(renewed.accessToken)
  return { sub: tokens.idToken.claims.sub, name: person.name, first: tokens.accessToken.accessToken, second: renewed.accessToken.accessToken }
}
run().then((said) => said && (document.querySelector('#said').textContent = JSON.stringify(said)),
  (error) => (document.querySelector('#said').textContent = String(error.stack ?? error)))
</script>`
      const page = await newPage(browser)
      await page.goto(await serve({ '/': start }, [folderOf('@okta/okta-auth-js/dist')]))
      await signIn(page)
      await page.locator('#said:not(:empty)').waitFor()
      const text = await page.locator('#said').textContent()
      assert.match(text!, /^\{/)
      const said = JSON.parse(text!)
      assert.deepEqual([said.sub, said.name], [dana, 'Dana Levi'])
      assert.notEqual(said.first, said.second)
      const info = await server.fetch('/oauth/userinfo', { headers: { authorization: `Bearer ${said.second}` } })
      assert.equal(info.status, 401, 'the token was revoked')
      await page.context().close()
    })
  }
})
