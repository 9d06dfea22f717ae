import assert from 'node:assert/strict'
import { test } from 'node:test'
import { onBothEngines, tellStory } from '../parts/stories.ts'
import { partner } from './partner.ts'

onBothEngines((engine) => {
  test('every answer that no existing client prescribes has its contents in data, and every error its message in error', async () => {
    const { test: server, world } = await tellStory({ engine })
    const api = partner(server, await world.makePlatformToken('internal'))
    const app = await world.makeApp()
    const secrets = `/platform/v1/apps/${app.codeName}/secrets`
    const resources = '/platform/v1/resources'
    const answers = [
      await api.call('POST', secrets, { name: 'second' }),
      await api.call('GET', secrets),
      await api.call('POST', resources, { identifier: 'https://api.example', name: 'API' }),
      await api.call('GET', resources),
    ]
    const [made, , resource] = answers
    answers.push(await api.call('DELETE', `${secrets}/${made!.body.data.uid}`))
    answers.push(await api.call('PUT', `${resources}/${resource!.body.data.resource.uid}`, { name: 'Other' }))
    answers.push(await api.call('DELETE', `${resources}/${resource!.body.data.resource.uid}`))
    for (const { status, body } of answers) {
      assert.ok(status === 200 || status === 201, JSON.stringify(body))
      assert.deepEqual([Object.keys(body), body.status], [['status', 'data'], 'OK'], JSON.stringify(body))
    }
    const errors = [
      await api.call('GET', '/platform/v1/apps/nothing'),
      await api.call('GET', '/platform/v1/nothing'),
      await api.call('PATCH', resources, {}),
      await api.call('PUT', `${resources}/nothing`, { name: 'x' }),
      await api.call('POST', resources, { identifier: 7 }),
      await partner(server, 'wrong').call('GET', resources),
    ]
    for (const { status, body } of errors) {
      assert.ok(status >= 400 && status < 500, String(status))
      assert.deepEqual([body.status, typeof body.error, typeof body.reference], ['Error', 'string', 'string'])
    }
  })
})
