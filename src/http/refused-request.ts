import { visitorKey } from './address.ts'
import { type Disclosed, disclosed, sentWords } from './disclosed.ts'
import type { Incoming } from './incoming.ts'
import { type Params, readParams } from './params.ts'

/** What is kept of a refused request, without the reason. */
export interface RefusedRequest {
  reference: string
  method: string
  path: string
  /** The client id it claims, unverified. It serves to find the app, and is never stored. */
  clientId: string | undefined
  request: Disclosed[]
  /** Its words, so that the message can be stored without them. They are never stored. */
  sent: ReadonlySet<string> | undefined
}

/** Returns the request of a refusal. `read` is called only if the refusal is kept. */
export function refusedRequest(incoming: Incoming): { visitor: string; read(): RefusedRequest } {
  return { visitor: visitorKey(incoming.address), read: () => readRefused(incoming) }
}

function readRefused(incoming: Incoming): RefusedRequest {
  return {
    reference: incoming.reference,
    method: incoming.method,
    path: incoming.loggedPath,
    clientId: claimedClient(incoming),
    request: disclosed(incoming),
    sent: sentWords(incoming),
  }
}

/** Returns the client id from the body, the query or HTTP Basic, the first that can be read. */
function claimedClient(incoming: Incoming): string | undefined {
  const { understoodBody: body } = incoming
  const readers: (() => string | undefined)[] = [
    () => (body as Params | undefined)?.get?.('client_id'),
    () => incoming.query.get('client_id'),
    () => {
      const [, pair = ''] = /^Basic +([\w+/]+=*)$/i.exec(incoming.header('authorization') ?? '') ?? []
      const [id = ''] = Buffer.from(pair, 'base64').toString('utf8').split(':')
      return readParams(`id=${id}`).get('id')
    },
  ]
  for (const read of readers) {
    try {
      const found = read()
      if (found) return found.length <= 2000 ? found : undefined
    } catch {
      // Repeated or unreadable: this may be the reason of the refusal.
    }
  }
  return undefined
}
