import { once } from 'node:events'
import { type IncomingMessage, request } from 'node:http'
import { json as readJson } from 'node:stream/consumers'
import { loadConfig } from '../config/load.ts'
import { socketPath } from '../http/listen.ts'
import { liveEndpoint, readyEndpoint } from '../ops/health.ts'
import { command } from './kit/command.ts'
import { EXIT } from './kit/exit.ts'

const TIMEOUT_MS = 5000

export const health = command({
  options: { live: { flag: true, description: 'Ask only whether the server is alive, not whether it is ready.' } },
  more: [
    'It asks the server that has these settings on this machine, as a container or a supervisor does. Exit code 0: ready (or alive); 1: not',
    'ready, or no answer in 5 seconds.',
  ].join('\n'),
  examples: ['health', 'health --live'],
  async run({ live }, { env }) {
    const config = loadConfig(env, { onlyLooks: true })
    const { status, reason } = await ask(live ? liveEndpoint.path : readyEndpoint.path, config)
    const isGood = status === 200
    const state = isGood ? (live ? 'alive' : 'ready') : live ? 'not alive' : 'not ready'
    return {
      text: `The server is ${state}${reason ? `: ${reason}` : '.'}`,
      json: { state: state.replace(' ', '_'), reason: reason ?? null },
      exit: isGood ? EXIT.done : EXIT.failed,
    }
  },
})

/** Sends one request to the server on this machine. A server that does not answer has no status. */
async function ask(
  path: string,
  { host, port }: { host: string; port: number },
): Promise<{ status?: number; reason?: string }> {
  const socket = socketPath(host)
  const local = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host
  const place = socket === undefined ? { host: local, port } : { socketPath: socket }
  const sent = request({ ...place, path, agent: false, signal: AbortSignal.timeout(TIMEOUT_MS) }).end()
  try {
    const [answer] = (await once(sent, 'response')) as [IncomingMessage]
    const { reason } = (await readJson(answer)) as { reason?: string }
    return { status: answer.statusCode, reason }
  } catch (error) {
    return { reason: (error as Error).message }
  }
}
