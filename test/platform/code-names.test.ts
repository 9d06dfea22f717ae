import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { ENGINES, testSite } from '../parts/test-site.ts'
import { makeWorld } from '../parts/world.ts'
import { partner } from './partner.ts'

for (const engine of ENGINES) {
  describe(`code names on ${engine}`, async () => {
    const site = await testSite({ engine })
    const world = await makeWorld(site)
    const directory = partner(site, await world.makePlatformToken('directory'))
    const other = partner(site, await world.makePlatformToken('directory', await world.makeDirectory('Other')))
    const codeName = async (body: Record<string, unknown>, who = directory) => {
      const answer = await who.register(body)
      assert.equal(answer.status, 201, JSON.stringify(answer.body))
      return answer.body.data.app_code_name
    }

    test('are derived from the name: lower case, only letters and digits', async () => {
      assert.equal(await codeName({ name: 'My app' }), 'myapp')
      assert.equal(await codeName({ name: 'Café №7 — Ünïcode!' }), 'cafeno7unicode')
      assert.equal(await codeName({ name: '123' }), '123')
      assert.equal(await codeName({ name: 'x'.repeat(100) }), 'x'.repeat(60))
    })

    test('are `app` if the name has no usable characters', async () => {
      assert.equal(await codeName({ name: 'האפליקציה שלי' }), 'app')
      assert.equal(await codeName({ name: '!!!' }), 'app_2')
    })

    test('get _2, _3 and so on if taken, across directories', async () => {
      assert.equal(await codeName({ name: 'Common' }), 'common')
      assert.equal(await codeName({ name: 'common' }, other), 'common_2')
      assert.equal(await codeName({ name: 'COMMON' }), 'common_3')
      assert.equal(await codeName({ name: 'Common per' }), 'commonper')
    })

    test('are used as supplied, and only once', async () => {
      assert.equal(await codeName({ app_code_name: 'Supplied1' }), 'Supplied1')
      for (const who of [directory, other]) {
        const { status, body } = await who.register({ app_code_name: 'Supplied1' })
        assert.deepEqual([status, body.field, body.status], [422, 'app_code_name', 'Error'])
        assert.match(body.error, /Supplied1 is taken/)
      }
      const nameless = await directory.register({ name: undefined, app_code_name: 'nameless' })
      assert.deepEqual([nameless.body.data.app_code_name, nameless.body.data.name], ['nameless', 'nameless'])
    })

    test('are refused with other characters than letters and digits', async () => {
      for (const bad of ['with_underscore', 'with-dash', 'with space', 'ünï', 'x'.repeat(61), ' x', 'x\n', '../x', 5]) {
        const { status, body } = await directory.register({ app_code_name: bad })
        assert.deepEqual([status, body.field], [422, 'app_code_name'], String(bad))
      }
    })

    test('are unique, even if many apps are created at once', async () => {
      const given = await Promise.all(
        Array.from({ length: 30 }, (_, index) => codeName({ name: 'Rush' }, index % 2 ? directory : other)),
      )
      assert.equal(new Set(given).size, 30)
      assert.ok(given.includes('rush'))
      for (const name of given) assert.match(name, /^rush(_\d+)?$/)
      const asked = await Promise.all(Array.from({ length: 10 }, () => directory.register({ app_code_name: 'wanted' })))
      assert.deepEqual(asked.map(({ status }) => status).sort(), [201, ...Array(9).fill(422)])
    })
  })
}
