import type { IncomingMessage } from 'node:http'
import { Readable } from 'node:stream'

/** The part of Node's IncomingMessage that we read. */
export interface Message extends Readable {
  readonly method?: string | undefined
  readonly url?: string | undefined
  readonly headers: IncomingMessage['headers']
  readonly headersDistinct: IncomingMessage['headersDistinct']
  readonly rawHeaders: readonly string[]
  readonly socket: { readonly remoteAddress?: string | undefined }
  /** Reads no more of the body. Node's own message does not have it: the client would miss an answer while it still sends. */
  stopReading?(): void
}

/**
 * Converts a web-standard Request, for tests and for servers that mount this one. `original` is Node's message behind the Request, if any:
 * only it has repeated headers and, unless `address` says it, the client's address.
 */
export function messageOf(request: Request, original?: IncomingMessage, address?: string): Message {
  const { method, url, body } = request
  const { pathname, search } = new URL(url)
  const { headers, headersDistinct, rawHeaders, socket } = original ?? ofHeaders(request.headers, address)
  const stream = Readable.from(piecesOf(body), { objectMode: false })
  return Object.assign(stream, {
    method,
    url: pathname + search,
    headers,
    headersDistinct,
    rawHeaders,
    socket,
    stopReading: () => stream.pause(),
  })
}

function ofHeaders(given: Headers, remoteAddress?: string) {
  const lines = [...given]
  return {
    headers: Object.fromEntries(lines),
    headersDistinct: Object.fromEntries(lines.map(([name, value]) => [name, [value]])),
    rawHeaders: lines.flat(),
    socket: { remoteAddress },
  }
}

/** Touches the body only when it is read, because the server that mounts this one may have used it up. */
async function* piecesOf(body: Request['body']): AsyncGenerator<Uint8Array> {
  if (body) yield* body
}
