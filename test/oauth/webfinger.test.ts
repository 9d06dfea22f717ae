import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isOAuthError } from '../parts/answers.ts'
import { read } from '../parts/app-calls.ts'
import { onBothEngines, tellStory } from '../parts/stories.ts'

const REL = 'http://openid.net/specs/connect/1.0/issuer'

onBothEngines(async (engine) => {
  const { test: server } = await tellStory({ engine })
  const ask = (parameters: [string, string][]) =>
    server.fetch(`/.well-known/webfinger?${new URLSearchParams(parameters)}`, {
      headers: { origin: 'https://a.example' },
    })

  test('WebFinger names the issuer for every account, and does not tell whether it exists (OpenID Connect Discovery §2)', async () => {
    const accounts = [
      'acct:dana@example.com',
      'acct:no-one@elsewhere.example',
      'https://example.com:8080/joe',
      'mailto:a@b',
    ]
    for (const resource of accounts) {
      const answer = await ask([
        ['resource', resource],
        ['rel', REL],
      ])
      assert.equal(answer.status, 200)
      assert.equal(answer.headers.get('content-type'), 'application/jrd+json')
      assert.equal(answer.headers.get('access-control-allow-origin'), '*')
      assert.deepEqual(await read(answer), { subject: resource, links: [{ rel: REL, href: server.origin }] })
    }
  })

  test('rel selects links, and may be repeated or left out (RFC 7033 §4.3)', async () => {
    const linksFor = async (...relations: string[]) =>
      (await read(ask([['resource', 'acct:a@b'], ...relations.map((rel): [string, string] => ['rel', rel])]))).links
        .length
    assert.deepEqual([await linksFor(), await linksFor('x', REL), await linksFor('x')], [1, 1, 0])
  })

  test('a resource that is missing, sent twice, no URI or too long is refused (RFC 7033 §4.2)', async () => {
    for (const resource of [
      '',
      'dana@example.com',
      'acct:',
      'acct:a b',
      'acct:\u00e9',
      '//x',
      `acct:${'a'.repeat(1000)}`,
    ])
      await isOAuthError(await ask([['resource', resource]]), 400, 'invalid_request', resource)
    await isOAuthError(await ask([]), 400, 'invalid_request')
    await isOAuthError(
      await ask([
        ['resource', 'acct:a@b'],
        ['resource', 'acct:a@b'],
      ]),
      400,
      'invalid_request',
    )
  })
})
