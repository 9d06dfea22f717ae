import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { after } from 'node:test'
import { serve } from '@hono/node-server'
import { openServer } from '../../src/server.ts'
import type { Story } from './stories.ts'

/** Serves the site of a story to browsers until the test file ends. Returns its origin. */
export async function serveStory({ test }: Story): Promise<string> {
  const server = serve({ fetch: openServer(test.site).fetch, port: 0, hostname: '127.0.0.1' })
  await once(server, 'listening')
  after(() => server.close())
  return `http://localhost:${(server.address() as AddressInfo).port}`
}
