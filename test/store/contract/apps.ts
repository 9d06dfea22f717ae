import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { newUid } from '../../../src/kit/id.ts'
import { Conflict } from '../../../src/store/engine/db.ts'
import { CALLBACK, makePlace, NOW, newApp, newDirectory, newEvent, newSecret } from '../things.ts'
import type { Given } from './given.ts'

export function apps({ store: opened }: Given): void {
  describe('apps', () => {
    it('are stored unchanged and found by uid, code name and client id', async () => {
      const store = opened()
      const { directory } = await makePlace(store)
      const app = newApp(directory.uid, {
        redirectUris: [CALLBACK, 'http://127.0.0.1/back'],
        trusted: true,
        public: true,
        scopes: ['openid', 'clients:read'],
        accessTokenFormat: 'jwt',
        accessTokenLifetime: 3600,
        jwksUri: 'https://app.example.com/jwks',
        listing: { category: 'books', nested: { tags: ['a', 1, null, true] } },
      })
      await store.apps.add(app, undefined, newEvent())
      for (const found of [
        await store.apps.findLive(app.uid),
        await store.apps.findLiveByCodeName(app.codeName),
        await store.apps.findLiveByClientId(app.clientId),
      ]) {
        assert.deepEqual(found, app)
      }
      assert.equal(await store.apps.findLiveByClientId('nobody'), undefined)
      const platforms = newApp(null)
      await store.apps.add(platforms, undefined, newEvent())
      assert.deepEqual(await store.apps.findLive(platforms.uid), platforms)
    })

    it('are found by a name that contains or imitates theirs, in their directory and of the platform', async () => {
      const store = opened()
      const { directory } = await makePlace(store)
      const other = await makePlace(store)
      const name = `Zenithe ${newUid()}`
      const app = newApp(directory.uid, { name })
      await store.apps.add(app, undefined, newEvent())
      const find = async (within: string, uid = directory.uid) => (await store.apps.findNamedWithin(within, uid))?.uid
      for (const within of [name, name.toUpperCase(), `My ${name} too`, name.replace('e', 'е')])
        assert.equal(await find(within), app.uid, within)
      assert.equal(await find('Something else'), undefined)
      assert.equal(await find(name, other.directory.uid), undefined, 'another directory')

      const platforms = newApp(null, { name: `Payroll ${newUid()}` })
      await store.apps.add(platforms, undefined, newEvent())
      assert.equal(await find(platforms.name), platforms.uid)
      const stranger = newApp(null, { name: `Notes ${newUid()}`, origin: 'registered' })
      await store.apps.add(stranger, undefined, newEvent())
      assert.equal(await find(stranger.name), undefined, 'names of apps that introduced themselves belong to nobody')

      const renamed = { ...app, name: `Books ${newUid()}` }
      await store.apps.change(renamed, newEvent(), app, false)
      assert.deepEqual([await find(name), await find(renamed.name)], [undefined, app.uid])
      await store.apps.end(app.uid, NOW, newEvent())
      assert.equal(await find(renamed.name), undefined)
      assert.equal(await store.apps.fillNameKeys(10), 0)
    })

    it('have unique names: a duplicate is a conflict that names the field, and writes nothing', async () => {
      const store = opened()
      const { app } = await makePlace(store)
      for (const column of ['codeName', 'clientId'] as const) {
        const twin = newApp(null, { [column]: app[column] })
        const adding = store.apps.add(twin, newSecret(twin.uid), newEvent())
        const name = column === 'codeName' ? 'code_name' : 'client_id'
        await assert.rejects(adding, (error) => error instanceof Conflict && error.constraint.includes(name))
        assert.equal(await store.apps.findLive(twin.uid), undefined)
      }
    })

    it('authenticate only with their own live secret', async () => {
      const store = opened()
      const { app, secret } = await makePlace(store)
      const short = newApp(null)
      const passing = newSecret(short.uid, { expiresAt: NOW + 10 })
      await store.apps.add(short, passing, newEvent())
      const isRight = async (clientId: string, digest: string, now = NOW) =>
        (await store.apps.authenticate(clientId, digest, now))?.isSecretRight
      assert.deepEqual(await store.apps.authenticate(app.clientId, secret.digest, NOW), {
        app,
        isSecretRight: true,
        secret: { uid: secret.uid, lastUsedAt: null },
      })
      assert.deepEqual(await store.apps.authenticate(app.clientId, 'wrong', NOW), { app, isSecretRight: false })
      assert.equal(await isRight(app.clientId, passing.digest), false)
      assert.equal(await isRight(short.clientId, passing.digest, NOW + 9), true)
      assert.equal(await isRight(short.clientId, passing.digest, NOW + 10), false)
      assert.equal(await isRight('nobody', secret.digest), undefined)
    })

    it('change as a whole, and only if they are unchanged since they were read', async () => {
      const store = opened()
      const { app, secret } = await makePlace(store)
      const changed = {
        ...app,
        name: 'Ledger 2',
        scopes: ['a', 'b'],
        listing: { x: 1 },
        jwksUri: 'https://x/',
        trusted: true,
      }
      assert.equal(await store.apps.change(changed, newEvent(), app, false), true)
      assert.deepEqual(await store.apps.findLive(app.uid), changed)
      const event = newEvent({ type: `late.${app.uid}` })
      assert.equal(await store.apps.change({ ...app, name: 'Ledger 3' }, event, app, false), false)
      assert.equal((await store.apps.findLive(app.uid))?.name, 'Ledger 2')
      assert.deepEqual(await store.events.list({ type: event.type }, 5), [])

      assert.equal(await store.apps.end(app.uid, NOW, newEvent()), true)
      assert.equal(await store.apps.end(app.uid, NOW, newEvent()), false)
      assert.equal(await store.apps.change(app, newEvent(), changed, false), false)
      assert.equal(await store.apps.findLive(app.uid), undefined)
      assert.equal(await store.apps.findLiveByClientId(app.clientId), undefined)
      assert.equal(await store.apps.authenticate(app.clientId, secret.digest, NOW), undefined)
    })

    it('are listed page by page from the oldest, equally on every engine', async () => {
      const store = opened()
      const directory = newDirectory()
      await store.directories.add(directory, [], newEvent())
      const mixed = ['b2', 'a_1', 'a1', 'Z9', 'é1', 'z9'].map((tail) => `${directory.uid}${tail}`)
      const added = [
        ...mixed.map((uid) => newApp(directory.uid, { uid, createdAt: NOW })),
        newApp(directory.uid, { createdAt: NOW - 1 }),
        newApp(directory.uid, { createdAt: NOW + 1 }),
      ]
      for (const app of added) await store.apps.add(app, undefined, newEvent())
      const inOrder = [...added].sort(
        (a, b) => a.createdAt - b.createdAt || Buffer.compare(Buffer.from(a.uid), Buffer.from(b.uid)),
      )
      const expected = inOrder.map(({ uid }) => uid)

      const pages: string[] = []
      for (let after: string | undefined; ; after = pages.at(-1)) {
        const page = await store.apps.list(directory.uid, 3, after)
        if (page.length === 0) break
        pages.push(...page.map(({ uid }) => uid))
      }
      assert.deepEqual(pages, expected)
      const skipped = await store.apps.list(directory.uid, 3, undefined, 4)
      assert.deepEqual(
        skipped.map(({ uid }) => uid),
        expected.slice(4, 7),
      )

      // A page continues after its last app even if that one has ended since.
      await store.apps.end(expected[2]!, NOW, newEvent())
      const next = await store.apps.list(directory.uid, 10, expected[2])
      assert.deepEqual(
        next.map(({ uid }) => uid),
        expected.slice(3),
      )
      assert.equal((await store.apps.list(directory.uid, 100)).length, 7)
      assert.ok((await store.apps.list(undefined, 1000)).length > 7)
      assert.deepEqual(await store.apps.list('nobody', 10), [])
    })

    it('list the code names that begin with a text, of live and ended apps', async () => {
      const store = opened()
      const base = `n${newUid(8)}`
      const taken = [
        base,
        `${base}_2`,
        `${base}_10`,
        `${base}_%`,
        `${base}__`,
        `${base}2`,
        `${base}%2`,
        `${base}-2`,
        `x${base}_2`,
      ]
      for (const codeName of [...taken, `${base.toUpperCase()}_2`]) {
        const app = newApp(null, { codeName })
        await store.apps.add(app, undefined, newEvent())
        if (codeName === `${base}_2`) await store.apps.end(app.uid, NOW, newEvent())
      }
      const inOrder = (names: string[]) => names.toSorted()
      assert.deepEqual(inOrder(await store.apps.codeNamesLike(base)), inOrder(taken.slice(0, 5)))
      assert.deepEqual(await store.apps.codeNamesLike(`${base}_`), [`${base}__`])
      assert.deepEqual(await store.apps.codeNamesLike(`${base}%`), [])
      assert.deepEqual(await store.apps.codeNamesLike('%'), [])
      assert.deepEqual(await store.apps.codeNamesLike('_'), [])
    })
  })
}
