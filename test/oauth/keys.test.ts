import { test } from 'node:test'
import { testSite } from '../parts/test-site.ts'

test('x', async () => {
  const t = await testSite()
  console.log(
    await (await t.fetch('/oauth/jwks')).json(),
    await (await t.fetch('/.well-known/openid-configuration')).json(),
  )
})
