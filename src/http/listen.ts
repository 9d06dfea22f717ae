import { once } from 'node:events'
import { chmodSync, existsSync, lstatSync, unlinkSync } from 'node:fs'
import { createServer, type IncomingMessage, ServerResponse, STATUS_CODES } from 'node:http'
import { type AddressInfo, connect, Server, type Socket } from 'node:net'
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

export interface Listener {
  readonly port: number
  /**
   * Stops accepting connections, and adds `Connection: close` to the remaining answers. Requests in progress have `patience` seconds to
   * finish; then their connections are closed. Resolves to whether all of them finished.
   */
  close(patience: number): Promise<boolean>
}

/**
 * Limits for slow or large requests; times in milliseconds. Idle connections stay open longer than the 60 seconds of most proxies:
 * if the server closed first, it could break a request that the proxy is just sending.
 */
const LIMITS = {
  maxHeaderSize: 16_384,
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  connectionsCheckingInterval: 2_000,
  keepAliveTimeout: 65_000,
  insecureHTTPParser: false,
} as const
const SILENCE_TIMEOUT_MS = 90_000
const MAX_CONNECTIONS = 10_000
/** How long a stopping server keeps idle connections: busy proxies use theirs in that time, and get `Connection: close`. */
const IDLE_GRACE_MS = 250

/** Listens on a port. Rejects with the system's error (such as `EADDRINUSE`) when the port cannot be used. */
export async function listen(
  handler: RequestHandler,
  { host, port }: { host: string; port: number },
): Promise<Listener> {
  let isClosing = false
  /** Decides when the answer is written, so that answers made before the stop get `Connection: close` as well. */
  class ClosingResponse extends ServerResponse<IncomingMessage> {
    override writeHead(...given: unknown[]): this {
      if (isClosing) this.shouldKeepAlive = false
      return Reflect.apply(super.writeHead, this, given)
    }
  }
  const writer = openResponseWriter(handler.failed)
  const server = createServer({ ...LIMITS, ServerResponse: ClosingResponse }, (message, response) => {
    // Node checks that there is a Host header, but not that it is a host (RFC 9112 §3.2).
    if (/[\s/?#@\\]/.test(message.headers.host ?? '')) {
      response.writeHead(400, { connection: 'close', 'content-length': 0 }).end()
      return
    }
    handler.answer(message).then((answer) => writer.send({ answer, message, response }), handler.failed)
  })
  server.timeout = SILENCE_TIMEOUT_MS
  server.maxConnections = MAX_CONNECTIONS
  server.on('clientError', refuseMalformed)
  const sockets = new Set<Socket>()
  let arrivals = 0
  server.on('connection', (socket: Socket) => {
    arrivals++
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  const path = socketPath(host)
  if (path === undefined) server.listen({ host, port })
  else {
    await removeStale(path)
    server.listen({ path })
  }
  await once(server, 'listening')
  // The proxy is another user of the same group.
  if (path !== undefined) chmodSync(path, 0o660)
  /** Accepts the connections that already wait: one per turn of the event loop, because closing the port would reset them. */
  const acceptWaiting = async () => {
    const until = performance.now() + IDLE_GRACE_MS
    await nextTurn()
    for (let before = -1; before < arrivals && performance.now() < until; ) {
      before = arrivals
      await nextTurn()
    }
  }
  return {
    port: path === undefined ? (server.address() as AddressInfo).port : port,
    async close(patience) {
      isClosing = true
      let wasPatient = true
      const closed = once(server, 'close')
      await acceptWaiting()
      // http.Server.close() would close idle connections at once, and lose requests that are just arriving on them.
      Server.prototype.close.call(server)
      const closeIdle = () => {
        server.closeIdleConnections()
        // Node counts a connection that has never sent anything as busy.
        for (const socket of sockets) if (socket.bytesRead === 0) socket.destroy()
      }
      // After the reads of this turn: on a busy machine, requests may have arrived that are not read yet.
      const idle = setInterval(() => setImmediate(closeIdle), IDLE_GRACE_MS)
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

/** The path of a Unix socket (`unix:/run/behalf.sock`); undefined for an address. */
export function socketPath(host: string): string | undefined {
  return host.startsWith('unix:') ? host.slice('unix:'.length) : undefined
}

/** Removes a socket that a killed server left behind. Rejects with `EADDRINUSE` while a server answers on it. */
async function removeStale(path: string): Promise<void> {
  if (!existsSync(path)) return
  if (!lstatSync(path).isSocket())
    throw Object.assign(new Error(`${path} is not a socket`), { code: 'EADDRINUSE', port: path })
  const probe = connect(path)
  const isInUse = await once(probe, 'connect').then(
    () => true,
    ({ code }) => code !== 'ECONNREFUSED',
  )
  probe.destroy()
  if (isInUse) throw Object.assign(new Error(`${path} is in use`), { code: 'EADDRINUSE', port: path })
  unlinkSync(path)
}

const STATUS_OF: Record<string, number> = {
  HPE_HEADER_OVERFLOW: 431,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 413,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
}

/** Answers a malformed request and closes the connection, because it is unclear where the next request begins (RFC 9112 §9.6). */
function refuseMalformed(error: NodeJS.ErrnoException, socket: Duplex): void {
  const begun = (socket as Socket & { _httpMessage?: { headersSent: boolean } | null })._httpMessage?.headersSent
  // No second answer may follow an answer that is partly sent.
  if (!socket.writable || begun || error.code === 'ECONNRESET') {
    socket.destroy()
    return
  }
  const status = STATUS_OF[error.code ?? ''] ?? 400
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`, () =>
    socket.destroy(),
  )
}
