/**
 * What the machine can do: `node:http` alone, answering the very bytes Behalf answers, each scenario at a path of its name.
 * A request's body is read to its end and thrown away. `node bare-process.ts PORT ANSWERS.json`
 */
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { Answers } from '../contender.ts'

const [port = '', file = ''] = process.argv.slice(2)
const answers: Answers = JSON.parse(readFileSync(file, 'utf8'))
const prepared = new Map(
  Object.entries(answers).map(([scenario, { headers, body }]) => [
    `/${scenario}`,
    { headers, body: Buffer.from(body) },
  ]),
)

const server = createServer((request, response) => {
  const answer = prepared.get(request.url ?? '')
  const reply = () => {
    if (answer) response.writeHead(200, answer.headers).end(answer.body)
    else response.writeHead(404).end()
  }
  if (request.method === 'GET') reply()
  else request.on('end', reply).resume()
})

server.listen(Number(port), '127.0.0.1', () => process.send!({ ready: true }))
