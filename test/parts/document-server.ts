import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after } from 'node:test'

/** A server on this machine that publishes documents of an app and counts the requests. */
export interface DocumentServer {
  url: string
  port: number
  /** The requests that came. */
  asked: IncomingMessage[]
  /** Sets the answer from now on: a document, or a function that answers. */
  answer: unknown | ((request: IncomingMessage, response: ServerResponse) => void)
}

export async function documentServer(answer: DocumentServer['answer']): Promise<DocumentServer> {
  const made: DocumentServer = { url: '', port: 0, asked: [], answer }
  const server = createServer((request, response) => {
    made.asked.push(request)
    if (typeof made.answer === 'function') return made.answer(request, response)
    response.setHeader('content-type', 'application/json')
    response.end(typeof made.answer === 'string' ? made.answer : JSON.stringify(made.answer))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  after(() => {
    server.closeAllConnections()
    server.close()
  })
  made.port = (server.address() as AddressInfo).port
  made.url = `http://127.0.0.1:${made.port}/keys`
  return made
}
