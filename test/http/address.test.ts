import assert from 'node:assert/strict'
import { test } from 'node:test'
import { authorizationPath } from '../parts/app-calls.ts'
import { listeningSite } from '../parts/listening-site.ts'
import { makeWorld } from '../parts/world.ts'

/** How many requests of one address may be pending here. */
const MAX_PENDING = 3

/** Starts a server with a low limit per address. Returns a function that sends one request with this X-Forwarded-For and returns its status. */
async function openCounter(env: Record<string, string>) {
  const server = await listeningSite({ BEHALF_ADDRESS_REQUESTS: String(MAX_PENDING), ...env })
  const app = await (await makeWorld(server)).makeApp()
  return async (forwardedFor: string): Promise<number> => {
    const headers: Record<string, string> = forwardedFor === '' ? {} : { 'x-forwarded-for': forwardedFor }
    return (await server.fetch(authorizationPath(app), { headers })).status
  }
}

test('the notation of an address makes no difference, and an IPv6 network of a household is one address', async () => {
  const ask = await openCounter({ BEHALF_TRUSTED_PROXIES: '127.0.0.1,10.0.0.0/8' })
  const visitors: string[][] = [
    ['198.51.100.1', '198.51.100.1:5123', '::ffff:198.51.100.1', '::ffff:c633:6401'],
    ['198.51.100.2', '0:0:0:0:0:FFFF:C633:6402', '[::ffff:198.51.100.2]:443', '::ffff:c633:6402'],
    ['2001:db8:1:2::1', '2001:0DB8:0001:0002:ffff::', '[2001:db8:1:2:3:4:5:6]:443', '2001:db8:1:2:0:0:0:9'],
    ['2001:db8:1:3::1', '2001:db8:1:3:8000::', '2001:db8:1:3::2', '2001:db8:1:3::3'],
    ['::1', '0:0:0:0:0:0:0:1', '[::1]', '::0001'],
    // Only the address that our own proxy saw is trusted; the client wrote everything before it.
    ['198.51.100.3', '1.2.3.4, 198.51.100.3', '127.0.0.1,198.51.100.3', 'x, 10.0.0.1 , 198.51.100.3 ,10.0.0.7'],
    // Without a valid address the proxy itself counts.
    ['', 'unknown', '198.51.100.300', '198.51.100.1:123456'],
  ]
  for (const spellings of visitors) {
    const statuses: number[] = []
    for (const spelling of spellings) statuses.push(await ask(spelling))
    assert.deepEqual(statuses, [303, 303, 303, 429], spellings.join(' | '))
  }
})

test('the headers of a client that is not our proxy are ignored', async () => {
  const ask = await openCounter({})
  const statuses: number[] = []
  for (const forwarded of ['', '198.51.100.1', '198.51.100.2, 127.0.0.1', '::1']) statuses.push(await ask(forwarded))
  assert.deepEqual(statuses, [303, 303, 303, 429])
})
