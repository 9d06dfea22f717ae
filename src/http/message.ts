import type { IncomingMessage } from 'node:http'
import { Readable } from 'node:stream'

/** What is read of Node's IncomingMessage. */
export interface Message extends Readable {
  readonly method?: string | undefined
  readonly url?: string | undefined
  readonly headers: IncomingMessage['headers']
  readonly headersDistinct: IncomingMessage['headersDistinct']
  readonly rawHeaders: readonly string[]
  readonly socket: { readonly remoteAddress?: string | undefined }
}

/**
 * Makes a message of a web-standard Request, for tests and for servers that mount this one. `original` is the message that the Request was
 * made of, if there is one: it shows the address of the visitor, and which headers were sent twice.
 */
export function messageOf(request: Request, original?: IncomingMessage): Message {
  const { method, url, body } = request
  const { pathname, search } = new URL(url)
  const { headers, headersDistinct, rawHeaders, socket } = original ?? ofHeaders(request.headers)
  // A web stream is an async iterable; nothing is read of it before somebody listens.
  const stream = Readable.from(body ?? [], { objectMode: false })
  return Object.assign(stream, { method, url: pathname + search, headers, headersDistinct, rawHeaders, socket })
}

function ofHeaders(given: Headers) {
  const lines = [...given]
  return {
    headers: Object.fromEntries(lines),
    headersDistinct: Object.fromEntries(lines.map(([name, value]) => [name, [value]])),
    rawHeaders: lines.flat(),
    socket: {},
  }
}
