import { Agent, type IncomingMessage, request } from 'node:http'

/** Sends a GET request for a path. Rejects if the response breaks off or takes more than 30 seconds. */
export type Ask = (path: string, init?: RequestInit) => Promise<Response>

/**
 * A client that keeps its connections open, as proxies and libraries do, and never repeats a request: `fetch` would hide what
 * happened to a connection, this client shows it.
 */
export function openLine(origin: string, connections = Number.POSITIVE_INFINITY): { ask: Ask; hangUp(): void } {
  const agent = new Agent({ keepAlive: true, maxSockets: connections, maxFreeSockets: 1000 })
  return {
    ask: (path, init = {}) =>
      new Promise((resolve, reject) => {
        const { method = 'GET', body } = init
        const headers: Record<string, string | number> = Object.fromEntries(new Headers(init.headers))
        if (typeof body === 'string') headers['content-length'] = Buffer.byteLength(body)
        const asked = request(origin + path, { method, headers, agent, timeout: 30_000 })
        asked.on('timeout', () => asked.destroy(new Error('No answer in 30 seconds.')))
        asked.on('error', reject)
        asked.on('response', (answer) => read(answer).then(resolve, reject))
        asked.end(body as string | undefined)
      }),
    hangUp: () => agent.destroy(),
  }
}

async function read(answer: IncomingMessage): Promise<Response> {
  const pieces: Buffer[] = []
  for await (const piece of answer) pieces.push(piece)
  if (!answer.complete) throw new Error('The answer broke off.')
  const headers = new Headers()
  for (let index = 0; index < answer.rawHeaders.length; index += 2)
    headers.append(answer.rawHeaders[index]!, answer.rawHeaders[index + 1]!)
  const status = answer.statusCode!
  return new Response([204, 304].includes(status) ? null : Buffer.concat(pieces), { status, headers })
}
