import { loadConfig } from '../../config/load.ts'
import { openLog } from '../../kit/log.ts'
import { openLogOutput } from '../../kit/log-output.ts'
import { startServer } from '../../main.ts'
import { command } from '../kit/command.ts'
import { stopSignal } from '../kit/stop-signal.ts'
import { clearState, DATABASE, lockDemoFolder, readState, writeState } from './demo-folder.ts'
import { demoClients, demoOutcome } from './demo-outcome.ts'
import { ensureDemo } from './ensure-demo.ts'
import { checkFree, portsFrom } from './ports.ts'

export const demo = command({
  options: {
    port: {
      value: 'PORT',
      description: 'The port of the server. Default: 7200. The app uses this port plus 100, the API plus 200.',
    },
    host: { value: 'ADDRESS', description: 'The address to listen on. Default: 127.0.0.1.' },
    reset: { flag: true, description: 'Delete the last run and start over.' },
  },
  more: [
    'It needs no settings and uses only BEHALF_LOG_LEVEL. The database and the secrets of the sample apps are stored in .demo/ in the current',
    'folder, so that the next run has the same ones. It is for trying things out on your own machine, not for production.',
  ].join('\n'),
  examples: ['demo', 'demo --port 8200', 'demo --reset'],
  async run({ port = '7200', host = '127.0.0.1', reset }, { env, samples, print }) {
    const ports = portsFrom(port)
    const urls = {
      server: `http://localhost:${ports.server}`,
      app: `http://localhost:${ports.app}`,
      api: `http://localhost:${ports.api}`,
    }
    const unlock = lockDemoFolder()
    const running: { stop(): Promise<void> }[] = []
    try {
      await checkFree(ports, host)
      const earlier = reset ? undefined : readState()
      if (!earlier) clearState()
      const config = loadConfig({
        BEHALF_HOST: host,
        BEHALF_PORT: String(ports.server),
        BEHALF_ISSUER: urls.server,
        BEHALF_DATABASE_URL: `sqlite:${DATABASE}`,
        BEHALF_LOG_LEVEL: env.BEHALF_LOG_LEVEL || 'warn',
      })
      const stopped = stopSignal()
      const server = await startServer(config, { log: openLog(config.logLevel, openLogOutput(2)) })
      running.push(server)
      const state = await ensureDemo(server.site, earlier, `${urls.app}/callback`)
      writeState(state)
      const shared = { host, authorizationServer: urls.server }
      running.push(await samples.startPlatformApi({ ...shared, port: ports.api, clients: demoClients(state) }))
      const app = { ...shared, port: ports.app, url: urls.app, platformApi: urls.api, registrations: state.apps }
      running.push(await samples.startPlainApp(app))
      print(demoOutcome(state, urls))
      await stopped
    } finally {
      // The server stops last, because the others send requests to it.
      for (const each of running.reverse()) await each.stop()
      unlock()
    }
    return undefined
  },
})
