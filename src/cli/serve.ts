import { loadConfig } from '../config/load.ts'
import { openLog } from '../kit/log.ts'
import { openLogOutput } from '../kit/log-output.ts'
import { command } from './kit/command.ts'
import { EXIT } from './kit/exit.ts'
import { stopSignal } from './kit/stop-signal.ts'

export const serve = command({
  options: {},
  more: [
    'The server logs one JSON line per event to standard output; with --json it logs to standard error instead. On SIGTERM, SIGINT or SIGHUP it',
    'finishes the requests in progress and stops; a second signal ends it at once. After an unexpected error it logs the error and exits',
    'with code 1, because its state is unknown: let your supervisor start it again.',
  ].join('\n'),
  examples: ['serve', 'serve --json'],
  async run(_, { env, json, print }) {
    const config = loadConfig(env)
    const log = openLog(config.logLevel, openLogOutput(json ? 2 : 1))
    process.on('uncaughtException', (error, origin) => {
      log.fatal({ err: error, origin }, 'an unexpected error')
      process.exit(1)
    })
    const stopped = stopSignal()
    const { startServer } = await import('../main.ts')
    const server = await Promise.race([startServer(config, { log }), stopped])
    // The signal came before the server was up, so no request is in progress.
    if (!server) process.exit(EXIT.done)
    const { issuer } = server.site.config
    if (json) print({ text: '', json: { url: server.url, issuer, pid: process.pid } })
    await stopped
    await server.stop()
    return undefined
  },
})
