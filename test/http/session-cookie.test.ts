import assert from 'node:assert/strict'
import { test } from 'node:test'
import { authorizationPath } from '../parts/app-calls.ts'
import { ticketOf } from '../parts/permission-dialog.ts'
import { tellStory } from '../parts/stories.ts'
import { PASSWORD } from '../parts/world.ts'

test('a cookie set by a sibling host does not sign a person in and continues no request', async () => {
  const { test: server, world } = await tellStory({
    env: { BEHALF_ISSUER: 'https://auth.example.com', BEHALF_ENV: 'development' },
  })
  const signIn = async (email: string) => {
    const visitor = world.visitor()
    await visitor.open('/login')
    await visitor.signIn(email, PASSWORD)
    return visitor.cookies.get('__Host-behalf-session')!
  }
  const [own, thiefs] = [await signIn('dana@example.com'), await signIn('omar@example.com')]
  const whoIs = async (cookie: string) => {
    const response = await server.fetch('/signed-in', { headers: { cookie } })
    const people = /dana@example\.com|omar@example\.com/.exec(await response.text())
    return people?.[0] ?? response.headers.get('location')
  }
  // Only the host itself can set a cookie with the prefix __Host- (RFC 6265bis §4.1.3.2); other hosts can set any other name.
  for (const cookie of [
    `behalf-session=${thiefs}`,
    `__host-behalf-session=${thiefs}`,
    `__Secure-behalf-session=${thiefs}`,
    ` =__Host-behalf-session=${thiefs}`,
    `__Host-behalf-session=${thiefs.toUpperCase()}`,
    `__Host-behalf-session="${thiefs}"`,
    `x=y,__Host-behalf-session=${thiefs}`,
    `\u00A0__Host-behalf-session=${thiefs}`,
    `x=y; \u00A0__Host-behalf-session=\u00A0${thiefs}`,
  ])
    assert.equal(await whoIs(cookie), '/login', cookie)
  const mine = `__Host-behalf-session=${own}`
  for (const cookie of [
    mine,
    `\u00A0__Host-behalf-session=${thiefs}; ${mine}`,
    `x=y;${mine}`,
    `x=y;\t ${mine}; z`,
    `behalf-session=${thiefs}; ${mine}`,
    `${mine}; behalf-session=${thiefs}`,
    `${mine}; __Host-behalf-session=${thiefs}`,
  ])
    assert.equal(await whoIs(cookie), 'dana@example.com', cookie)

  const app = await world.makeApp()
  const visitor = world.visitor()
  const ticket = ticketOf(await visitor.open(authorizationPath(app)))
  const browser = visitor.cookies.get('__Host-behalf-browser')!
  const goOn = (path: string, cookie: string) => server.fetch(path, { headers: { cookie } })
  const path = `/login?ticket=${ticket}`
  assert.equal((await goOn(path, `__Host-behalf-browser=${browser}`)).status, 200)
  // The server first finds out whether the browser blocks cookies, because none with the right name came.
  const sentOn = await goOn(path, `behalf-browser=${browser}`)
  assert.equal(sentOn.status, 303)
  assert.equal((await goOn(sentOn.headers.get('location')!, `behalf-browser=${browser}`)).status, 403)
})
