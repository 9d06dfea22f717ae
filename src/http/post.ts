import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http'
import type { Answer } from './reply.ts'

/** An answer on its way to whoever asked. */
export interface Letter {
  answer: Answer
  message: IncomingMessage
  response: ServerResponse
}

/**
 * Answers that are ready in one turn of the event loop are sent at its end, one right after the other: to wake whoever waits for them costs as
 * much as a short answer, and so it is done once. Where there is one alone it goes as soon as without this.
 */
export function openPost(failed: (error: unknown) => void): { send(letter: Letter): void } {
  let waiting: Letter[] = []
  /** What cannot be written down is a fault of ours; whoever waits for it is not left waiting. */
  const giveUp = (error: unknown, { response }: Letter) => {
    failed(error)
    if (response.headersSent) response.destroy()
    else response.writeHead(500).end()
  }
  const sendAll = () => {
    const letters = waiting
    waiting = []
    for (const letter of letters) {
      try {
        send(letter)
      } catch (error) {
        giveUp(error, letter)
      }
    }
  }
  return {
    send(letter: Letter) {
      if (waiting.push(letter) === 1) setImmediate(sendAll)
    },
  }
}

/** Writes an answer down. What is left of a body that nobody read is not waited for. */
function send({ answer, message, response }: Letter): void {
  if (!message.complete) response.shouldKeepAlive = false
  const { status, headers, body } = answer
  if (body === null) response.writeHead(status, headers as OutgoingHttpHeaders).end()
  else if (typeof body === 'string') {
    const length = Buffer.byteLength(body)
    response.writeHead(status, { ...headers, 'content-length': length } as OutgoingHttpHeaders)
    // What is ASCII alone need not be encoded.
    response.end(body, length === body.length ? 'latin1' : 'utf8')
  } else response.writeHead(status, { ...headers, 'content-length': body.length } as OutgoingHttpHeaders).end(body)
}
