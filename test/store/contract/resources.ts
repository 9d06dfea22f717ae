import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { newUid } from '../../../src/kit/id.ts'
import type { ResourceServer } from '../../../src/store/nouns/resources.ts'
import { NOW, newDirectory, newEvent } from '../things.ts'
import type { Given } from './given.ts'

const settings = { scopes: null, tokenFormat: null, tokenLifetime: null, tokenClaims: null, tokenTyp: null }

export function resources({ store: opened }: Given): void {
  describe('resources', () => {
    it('are listed page by page from the oldest, also after the last one of a page has ended', async () => {
      const { resources, directories } = opened()
      const directory = newDirectory()
      await directories.add(directory, [], newEvent())
      const uids = []
      for (const createdAt of [NOW + 1, NOW, NOW, NOW - 1]) {
        const uid = newUid()
        const at = { uid, directoryUid: directory.uid, identifier: `https://${uid}.example`, createdAt }
        const resource: ResourceServer = { ...settings, ...at, name: 'An API', secretDigest: null, endedAt: null }
        await resources.add(resource, false, newEvent())
        uids.push(uid)
      }
      const expected = [uids[3], ...uids.slice(1, 3).sort(), uids[0]]
      const list = async (limit: number, after?: string, skip?: number) =>
        (await resources.list(directory.uid, limit, after, skip)).map(({ uid }) => uid)
      assert.deepEqual(await list(2), expected.slice(0, 2))
      assert.deepEqual(await list(9, undefined, 3), expected.slice(3))
      await resources.end(expected[1]!, NOW, newEvent())
      assert.deepEqual(await list(9, expected[1]), expected.slice(2))
    })
  })
}
