import assert from 'node:assert/strict'
import { databaseOf, type ListeningSite, listeningSite } from './listening-site.ts'
import type { Engine } from './test-site.ts'
import { makeWorld, PASSWORD, type World } from './world.ts'

/** What tests of client libraries start from: a server on a port, and Dana, who owns a bakery. */
export interface LibraryStory {
  server: ListeningSite
  world: World
  bakery: { uid: string; name: string }
  /** Dana's membership: the `sub` that apps get. */
  dana: string
  /** Follows the link of the app, signs in as Dana and allows. Returns the URL at which the browser ends. */
  follow(link: string | URL): Promise<URL>
}

export async function libraryStory(engine: Engine, env: Record<string, string> = {}): Promise<LibraryStory> {
  const server = await listeningSite({ ...(await databaseOf(engine)), ...env })
  const world = await makeWorld(server)
  const bakery = await world.makeBusiness('Bread & Butter')
  const { staff } = await world.makePerson('dana@example.com', 'Dana Levi', [bakery])
  return {
    server,
    world,
    bakery,
    dana: staff[0]!.uid,
    async follow(link) {
      const visitor = world.visitor()
      const { pathname, search, origin } = new URL(link)
      assert.equal(origin, server.origin)
      await visitor.open(pathname + search)
      await visitor.signIn('dana@example.com', PASSWORD)
      await visitor.allow()
      assert.ok(visitor.place.away, visitor.place.html)
      return visitor.place.away
    },
  }
}
