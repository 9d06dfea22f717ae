import { once } from 'node:events'
import { createServer, type IncomingMessage, ServerResponse, STATUS_CODES } from 'node:http'
import { type AddressInfo, Server, type Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Answer } from './reply.ts'
import { openResponseWriter } from './response-writer.ts'

/** What answers the requests that arrive on a port. */
export interface RequestHandler {
  answer(message: IncomingMessage): Promise<Answer>
  /** Gets the error when an answer could not be sent. */
  failed(error: unknown): void
}

/** A port that is listened on. */
export interface Listener {
  readonly port: number
  /**
   * Accepts nothing new, and says so with every answer that is still due (`Connection: close`). What is under way has so many seconds
   * to finish, then it is cut off; true when nothing had to be.
   */
  close(patience: number): Promise<boolean>
}

/**
 * No visitor may hold more of the server than a request needs. Idle connections are kept for longer than the minute that proxies
 * keep theirs, because the side that closes first breaks the request that is just being sent.
 */
const LIMITS = {
  maxHeaderSize: 16_384,
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  connectionsCheckingInterval: 2_000,
  keepAliveTimeout: 65_000,
  insecureHTTPParser: false,
} as const
const SILENCE_TIMEOUT = 90_000
const MOST_CONNECTIONS = 10_000
/** A closing server hears idle connections out for so long: busy proxies use theirs in that time, and learn that it closes. */
const IDLE_GRACE = 250

/** Serves on a port; rejects with the system's error (`EADDRINUSE`, …) when it cannot be had. */
export async function listen(
  handler: RequestHandler,
  { host, port }: { host: string; port: number },
): Promise<Listener> {
  let isClosing = false
  /** Decides when an answer is written, not when it was made: one that was ready before a stop says `Connection: close` too. */
  class ClosingResponse extends ServerResponse<IncomingMessage> {
    override writeHead(...given: unknown[]): this {
      if (isClosing) this.shouldKeepAlive = false
      return Reflect.apply(super.writeHead, this, given)
    }
  }
  const writer = openResponseWriter(handler.failed)
  const server = createServer({ ...LIMITS, ServerResponse: ClosingResponse }, (message, response) => {
    handler.answer(message).then((answer) => writer.send({ answer, message, response }), handler.failed)
  })
  server.timeout = SILENCE_TIMEOUT
  server.maxConnections = MOST_CONNECTIONS
  server.on('clientError', refuseMalformed)
  const sockets = new Set<Socket>()
  let arrivals = 0
  server.on('connection', (socket: Socket) => {
    arrivals++
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  server.listen({ host, port })
  await once(server, 'listening')
  /** Whoever stands at the door is let in, one in a turn of the loop; when it closes, those who wait there are turned away unheard. */
  const letIn = async () => {
    const until = performance.now() + IDLE_GRACE
    await nextTurn()
    for (let before = -1; before < arrivals && performance.now() < until; ) {
      before = arrivals
      await nextTurn()
    }
  }
  return {
    port: (server.address() as AddressInfo).port,
    async close(patience) {
      isClosing = true
      let wasPatient = true
      const closed = once(server, 'close')
      await letIn()
      // Its own close() would cut idle connections at once, and with them the requests that are just arriving there.
      Server.prototype.close.call(server)
      const closeIdle = () => {
        server.closeIdleConnections()
        // Node takes a connection that never sent anything for a busy one.
        for (const socket of sockets) if (socket.bytesRead === 0) socket.destroy()
      }
      // Only after this turn's reading: where the machine is busy, requests have arrived that are not seen yet.
      const idle = setInterval(() => setImmediate(closeIdle), IDLE_GRACE)
      const late = setTimeout(() => {
        wasPatient = false
        server.closeAllConnections()
      }, patience * 1000)
      await closed
      clearInterval(idle)
      clearTimeout(late)
      return wasPatient
    },
  }
}

const STATUS_OF: Record<string, number> = {
  HPE_HEADER_OVERFLOW: 431,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 413,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
}

/** Answers what is no HTTP, and ends the connection: where the next request would begin can no longer be told (RFC 9112 §9.6). */
function refuseMalformed(error: NodeJS.ErrnoException, socket: Duplex): void {
  const begun = (socket as Socket & { _httpMessage?: { headersSent: boolean } | null })._httpMessage?.headersSent
  // An answer that is half out must not be followed by another one.
  if (!socket.writable || begun || error.code === 'ECONNRESET') {
    socket.destroy()
    return
  }
  const status = STATUS_OF[error.code ?? ''] ?? 400
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`, () =>
    socket.destroy(),
  )
}
