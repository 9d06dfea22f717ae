import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { operatorActor } from '../../src/domain/audit/actor.ts'
import { createPlatformToken } from '../../src/domain/tokens/platform-token.ts'
import { tokenDigest } from '../../src/kit/digest.ts'
import { newToken, newUid } from '../../src/kit/id.ts'
import { onBothEngines } from '../parts/stories.ts'
import { testSite } from '../parts/test-site.ts'
import { makeWorld } from '../parts/world.ts'
import { newEvent } from '../store/things.ts'
import { APPS, partner, REDIRECT_URI } from './partner.ts'

const CALLS = [
  ['POST', APPS],
  ['GET', APPS],
  ['GET', `${APPS}/ledger`],
  ['PUT', `${APPS}/ledger`],
] as const

onBothEngines((engine) => {
  describe('the management API', async () => {
    const server = await testSite({ engine })
    const { store, clock } = server.site
    const world = await makeWorld(server)
    const event = () => newEvent({ type: 'platform-token.ended', at: clock.now() })
    await world.makeApp({ codeName: 'ledger' })

    /** Returns the answer of every call with this Authorization header. */
    const askAll = async (authorization: string | undefined) => {
      const answers = []
      for (const [method, path] of CALLS) {
        const isWrite = method === 'POST' || method === 'PUT'
        const headers: Record<string, string> = authorization === undefined ? {} : { authorization }
        answers.push(
          await partner(server).call(method, path, isWrite ? { redirect_uri: REDIRECT_URI } : undefined, headers),
        )
      }
      return answers
    }

    /** An access token that an app holds for a business. */
    const makeAccessToken = async () => {
      const business = await world.makeBusiness('Bakery')
      const { staff } = await world.makePerson(`${newUid()}@bakery.example`, 'Ada', [business])
      const app = await world.makeApp()
      const [now, token, chainUid] = [clock.now(), newToken(clock.now()), newUid()]
      const grown = { appUid: app.uid, businessUid: business.uid, scopes: ['openid'], createdAt: now }
      const code = tokenDigest(newToken(now))
      await store.codes.begin({
        install: { uid: newUid(), ...grown, installedBy: staff[0]!.uid, changedAt: now },
        chain: { uid: chainUid, ...grown, staffUid: staff[0]!.uid },
        outcome: {
          kind: 'code',
          code: {
            digest: code,
            chainUid,
            redirectUri: app.redirectUri,
            redirectUriSent: true,
            codeChallenge: null,
            nonce: null,
            authTime: now,
            context: {},
            createdAt: now,
            expiresAt: now + 30,
          },
        },
        event: event(),
      })
      const row = { digest: tokenDigest(token), chainUid, scopes: ['openid'], createdAt: now, expiresAt: now + 3600 }
      assert.equal(await store.codes.redeem(code, now, { access: row }, event()), true)
      return token
    }

    test('refuses a request without a token: 401 in the envelope, and a challenge without an error code', async () => {
      for (const authorization of [undefined, 'Basic YTpi', 'Token token="x"', 'Digest x']) {
        for (const { status, headers, body } of await askAll(authorization)) {
          assert.equal(status, 401)
          assert.equal(headers.get('www-authenticate'), 'Bearer realm="Behalf"')
          assert.deepEqual(Object.keys(body), ['status', 'error', 'reference'])
          assert.equal(body.status, 'Error')
        }
      }
    })

    test('refuses a token that is unknown, revoked or of another kind', async () => {
      const { token, row } = await createPlatformToken(
        { kind: 'internal', directoryUid: null, name: 'to be revoked' },
        operatorActor,
        server.site,
      )
      assert.equal((await askAll(`Bearer ${token}`))[1]!.status, 200)
      await store.platformTokens.end({ uid: row.uid }, clock.now(), event())
      const good = await world.makePlatformToken('directory')
      const wrong = [
        token,
        newToken(clock.now()),
        good.toUpperCase(),
        good.slice(1),
        `${good}0`,
        'a.b.c',
        'x',
        '__proto__',
      ]
      for (const each of wrong) {
        for (const { status, headers, body } of await askAll(`Bearer ${each}`)) {
          assert.equal(status, 401, each)
          assert.equal(headers.get('www-authenticate'), 'Bearer realm="Behalf", error="invalid_token"')
          assert.equal(body.status, 'Error')
          assert.ok(!body.error.includes(each))
        }
      }
    })

    test('refuses an ambiguous Authorization header', async () => {
      const [one, two] = [await world.makePlatformToken('directory'), await world.makePlatformToken('internal')]
      for (const each of [
        `Bearer ${one}, Bearer ${two}`,
        `Bearer ${one} ${two}`,
        `Bearer\t${one}`,
        'Bearer',
        `Basic YTpi, Bearer ${one}`,
      ]) {
        for (const { status, body } of await askAll(each)) assert.deepEqual([status, body.status], [400, 'Error'], each)
      }
    })

    test('accepts a directory and the platform, with the scheme in any case', async () => {
      for (const kind of ['directory', 'internal'] as const) {
        const token = await world.makePlatformToken(kind)
        for (const scheme of ['Bearer', 'bearer', 'BEARER']) {
          const answers = await askAll(`${scheme} ${token}`)
          assert.deepEqual(
            answers.map(({ status }) => status).filter((status) => status === 401 || status === 403),
            [],
          )
        }
      }
    })

    test('refuses an app that acts for a business, and the message says so', async () => {
      const token = await makeAccessToken()
      const [created, ...others] = await askAll(`Bearer ${token}`)
      assert.equal(created!.status, 403)
      assert.equal(created!.body.error, 'Apps are created with a directory token or an internal token.')
      for (const { status, body } of others) {
        assert.equal(status, 403)
        assert.match(body.error, /with a directory token or an internal token\.$/)
      }
    })

    test('refuses a client id, a secret or a digest in place of a token', async () => {
      const { clientId, secret } = await world.makeApp()
      const token = await world.makePlatformToken('internal')
      for (const each of [clientId, secret, tokenDigest(token)]) {
        for (const { status } of await askAll(`Bearer ${each}`)) assert.equal(status, 401)
      }
    })

    test('refuses the token of an ended directory', async () => {
      const directory = await world.makeDirectory('Fleeting')
      const { token } = await createPlatformToken(
        { kind: 'directory', directoryUid: directory.uid, name: 'partner' },
        operatorActor,
        server.site,
      )
      assert.equal((await askAll(`Bearer ${token}`))[1]!.status, 200)
      await store.directories.end(directory.uid, clock.now(), event())
      for (const { status } of await askAll(`Bearer ${token}`)) assert.equal(status, 401)
      await assert.rejects(
        createPlatformToken(
          { kind: 'directory', directoryUid: directory.uid, name: 'late' },
          operatorActor,
          server.site,
        ),
        /no such directory/,
      )
      const internal = partner(server, await world.makePlatformToken('internal'))
      const orphan = await internal.register({ directory_uid: directory.uid })
      assert.deepEqual([orphan.status, orphan.body.field], [422, 'directory_uid'])
    })

    test('ignores X-On-Behalf-Of', async () => {
      const other = await world.makeDirectory('Neighbour')
      const business = await world.makeBusiness('Florist', other)
      await world.makeApp({ codeName: 'neighbours', directoryUid: other.uid })
      const directory = partner(server, await world.makePlatformToken('directory'))
      for (const named of [business.uid, other.uid, '', 'zzzz', `${business.uid}, ${business.uid}`, '%00']) {
        const headers = { 'x-on-behalf-of': named }
        assert.equal((await directory.call('GET', `${APPS}/ledger`, undefined, headers)).status, 200)
        assert.equal((await directory.call('GET', `${APPS}/neighbours`, undefined, headers)).status, 404)
        const body = { name: 'For a business', redirect_uri: REDIRECT_URI }
        const created = await directory.call('POST', APPS, body, headers)
        assert.equal((await store.apps.findLive(created.body.data.app_id))!.directoryUid, world.directory.uid)
      }
    })

    test('stores only the digest of a platform token, and writes an audit event when one is made', async () => {
      const { token, row } = await createPlatformToken(
        { kind: 'directory', directoryUid: world.directory.uid, name: ' Partner ' },
        operatorActor,
        server.site,
      )
      assert.match(token, /^[0-9a-f]{64}$/)
      assert.equal(row.name, 'Partner')
      const events = await store.events.list({ type: 'platform-token.created' }, 100)
      assert.ok(events.some((each) => each.subject === row.uid && each.actor === 'operator'))
      assert.ok(!JSON.stringify([row, events]).includes(token))
      await assert.rejects(
        createPlatformToken(
          { kind: 'internal', directoryUid: world.directory.uid, name: 'both' },
          operatorActor,
          server.site,
        ),
        { status: 422 },
      )
      await assert.rejects(
        createPlatformToken({ kind: 'directory', directoryUid: null, name: 'none' }, operatorActor, server.site),
        { status: 422 },
      )
      await assert.rejects(
        createPlatformToken({ kind: 'internal', directoryUid: null, name: ' \n ' }, operatorActor, server.site),
        { status: 422 },
      )
    })
  })
})
