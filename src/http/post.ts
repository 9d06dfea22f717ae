import type { IncomingMessage, ServerResponse } from 'node:http'
import { type Answer, Reply } from './reply.ts'

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
        send(letter)?.catch((error) => giveUp(error, letter))
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
function send({ answer, message, response }: Letter): undefined | Promise<void> {
  if (!message.complete) response.shouldKeepAlive = false
  if (!(answer instanceof Reply)) return sendResponse(answer, response)
  const { status, headers, text } = answer
  if (text === null) {
    response.writeHead(status, headers).end()
    return undefined
  }
  const length = Buffer.byteLength(text)
  response.writeHead(status, { ...headers, 'content-length': length })
  // What is ASCII alone need not be encoded.
  response.end(text, length === text.length ? 'latin1' : 'utf8')
  return undefined
}

async function sendResponse(answer: Response, response: ServerResponse): Promise<void> {
  const body = Buffer.from(await answer.arrayBuffer())
  response.writeHead(answer.status, [...answer.headers].flat()).end(body)
}
