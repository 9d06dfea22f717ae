import { visitorKey } from './address.ts'
import { loggedPath } from './boundary.ts'
import { type Disclosed, disclosed } from './disclosed.ts'
import type { Incoming } from './incoming.ts'
import { type Params, readParams } from './params.ts'

/** What is known of a request that was refused, before anybody says why. */
export interface RefusedRequest {
  reference: string
  method: string
  path: string
  /** The client id that it named, rightly or not: to look for the app by, never to be kept. */
  clientId: string | undefined
  request: Disclosed[]
}

/** The request of a refusal. `read` is called only for those that are kept. */
export function refusedRequest(incoming: Incoming): { visitor: string; read(): RefusedRequest } {
  return { visitor: visitorKey(incoming.address), read: () => readRefused(incoming) }
}

function readRefused(incoming: Incoming): RefusedRequest {
  return {
    reference: incoming.reference,
    method: incoming.method,
    path: loggedPath(incoming.url),
    clientId: claimedClient(incoming),
    request: disclosed(incoming),
  }
}

/** The client id in the body, in the query or in HTTP Basic, wherever it can be read. */
function claimedClient(incoming: Incoming): string | undefined {
  const { understoodBody: body } = incoming
  const ways: (() => string | undefined)[] = [
    () => (body as Params | undefined)?.get?.('client_id'),
    () => incoming.query.get('client_id'),
    () => {
      const [, pair = ''] = /^Basic +([\w+/]+=*)$/i.exec(incoming.header('authorization') ?? '') ?? []
      const [id = ''] = Buffer.from(pair, 'base64').toString('utf8').split(':')
      return readParams(`id=${id}`).get('id')
    },
  ]
  for (const way of ways) {
    try {
      const found = way()
      if (found) return found.length <= 2000 ? found : undefined
    } catch {
      // Sent twice, or not readable: that may be the very reason of the refusal.
    }
  }
  return undefined
}
