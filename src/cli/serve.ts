import { loadConfig } from '../config/load.ts'
import { openLog } from '../kit/log.ts'
import { command } from './kit/command.ts'
import { EXIT } from './kit/exit.ts'
import { whenTold } from './kit/when-told.ts'

export default command({
  options: {},
  more: [
    'It logs one JSON line per event to standard output; with --json the log goes to standard error instead. On SIGTERM or SIGINT',
    'it stops without breaking an answer; a second signal ends it at once. An error that nobody foresaw is logged and ends the',
    'process with exit code 1, because what it left behind cannot be known: let your supervisor start it again.',
  ].join('\n'),
  examples: ['serve', 'serve --json'],
  async run(_, { env, json, tell }) {
    const config = loadConfig(env)
    const log = openLog(config.logLevel, json ? process.stderr : undefined)
    process.on('uncaughtException', (error, origin) => {
      log.fatal({ err: error, origin }, 'an error that nobody foresaw')
      process.exit(1)
    })
    const told = whenTold()
    const { startServer } = await import('../main.ts')
    const server = await Promise.race([startServer(config, { log }), told])
    // Told before it was up: nothing is under way that could be broken.
    if (!server) process.exit(EXIT.done)
    const { issuer } = server.site.config
    if (json) tell({ text: '', json: { url: server.url, issuer, pid: process.pid } })
    await told
    await server.stop()
    return undefined
  },
})
