import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http'
import type { Answer } from './reply.ts'

/** An answer that is ready to be sent. */
export interface PendingResponse {
  answer: Answer
  message: IncomingMessage
  response: ServerResponse
}

export interface ResponseWriter {
  /** Sends a response at the end of this turn of the event loop. */
  send(pending: PendingResponse): void
}

/**
 * Sends all answers of one turn of the event loop together, because each separate wake-up of the other process costs as much as making a
 * short answer. An answer that is the only one in its turn is not delayed. `failed` gets the errors of sending.
 */
export function openResponseWriter(failed: (error: unknown) => void): ResponseWriter {
  let waiting: PendingResponse[] = []
  const sendAll = () => {
    const all = waiting
    waiting = []
    for (const pending of all) {
      try {
        write(pending)
      } catch (error) {
        failed(error)
        const { response } = pending
        // The client must not wait for an answer that never comes.
        if (response.headersSent) response.destroy()
        else response.writeHead(500, { 'content-length': 0 }).end()
      }
    }
  }
  return {
    send(pending) {
      if (waiting.push(pending) === 1) setImmediate(sendAll)
    },
  }
}

function write({ answer: { status, headers, body }, message, response }: PendingResponse): void {
  // Do not wait for the rest of an unread body.
  if (!message.complete) response.shouldKeepAlive = false
  const content = body ?? ''
  const length = typeof content === 'string' ? Buffer.byteLength(content) : content.length
  // A 204 has no content-length (RFC 9110 §8.6).
  const all = status === 204 ? headers : { ...headers, 'content-length': length }
  response.writeHead(status, all as OutgoingHttpHeaders)
  // Text that is all ASCII needs no encoding.
  if (typeof content === 'string') response.end(content, length === content.length ? 'latin1' : 'utf8')
  else response.end(content)
}
