import { command } from '../kit/command.ts'

export default command({
  options: {
    port: {
      type: 'string',
      value: 'PORT',
      sentence: 'The port of the server (7200); the app is 100 above, the API 200.',
    },
    host: { type: 'string', value: 'ADDRESS', sentence: 'The address to listen on (127.0.0.1).' },
    reset: { type: 'boolean', sentence: 'Forget the last run and make everything anew.' },
  },
  more: [
    'It needs no settings and heeds none but BEHALF_LOG_LEVEL. The database, and the secrets of the sample apps, are kept in .demo/',
    'in the current folder, so that they are the same the next time. It is for trying things out on your own machine, not for use.',
  ].join('\n'),
  examples: ['demo', 'demo --port 8200', 'demo --reset'],
  async run({ port = '7200', host = '127.0.0.1', reset }, { env, samples, tell }) {
    const [
      { loadConfig },
      { openLog },
      { startServer },
      kept,
      { lockFolder },
      { checkFree, portsFrom },
      { settle },
      telling,
      signals,
    ] = await Promise.all([
      import('../../config/load.ts'),
      import('../../kit/log.ts'),
      import('../../main.ts'),
      import('./kept.ts'),
      import('./lock.ts'),
      import('./ports.ts'),
      import('./settle.ts'),
      import('./tell.ts'),
      import('../kit/when-told.ts'),
    ])
    const ports = portsFrom(port)
    const urls = {
      server: `http://localhost:${ports.server}`,
      app: `http://localhost:${ports.app}`,
      api: `http://localhost:${ports.api}`,
    }
    const unlock = lockFolder()
    const running: { stop(): Promise<void> }[] = []
    const stop = async () => {
      // The server goes last, so that nobody is asked who has gone already.
      for (const each of running.reverse()) await each.stop()
      unlock()
    }
    try {
      await checkFree(ports, host)
      const earlier = reset ? undefined : kept.readKept()
      if (!earlier) kept.clear()
      const config = loadConfig({
        BEHALF_HOST: host,
        BEHALF_PORT: String(ports.server),
        BEHALF_ISSUER: urls.server,
        BEHALF_DATABASE_URL: `sqlite:${kept.DATABASE}`,
        BEHALF_LOG_LEVEL: env.BEHALF_LOG_LEVEL || 'warn',
      })
      const told = signals.whenTold()
      const server = await startServer(config, { log: openLog(config.logLevel, process.stderr) })
      running.push(server)
      const made = await settle(server.site, earlier, `${urls.app}/callback`)
      kept.writeKept(made)
      const shared = { host, authorizationServer: urls.server }
      running.push(await samples.startPlatformApi({ ...shared, port: ports.api, clients: telling.demoClients(made) }))
      const app = { ...shared, port: ports.app, url: urls.app, platformApi: urls.api, registrations: made.apps }
      running.push(await samples.startPlainApp(app))
      tell(telling.demoOutcome(made, urls))
      await told
    } finally {
      await stop()
    }
    return undefined
  },
})
