import { setTimeout as pause } from 'node:timers/promises'
import type { Config } from './config/load.ts'
import { Incoming } from './http/incoming.ts'
import { listen, type RequestHandler, socketPath } from './http/listen.ts'
import { placeBelow } from './http/place-below.ts'
import { refusal as httpRefusal } from './http/refusals.ts'
import { asset, json } from './http/reply.ts'
import { openLog } from './kit/log.ts'
import { Refusal } from './kit/refusal.ts'
import { type OwnParts, openSite } from './open-site.ts'
import { liveEndpoint, readyEndpoint } from './ops/health.ts'
import { startJobs } from './ops/jobs.ts'
import { openServer, type Server } from './server.ts'
import type { Site } from './site.ts'
import { type Messages, openMessages } from './ui/messages/messages.ts'
import { pageErrors } from './ui/page-errors.ts'
import { sheet, styleUrl } from './ui/style.ts'

/** How long requests wait for a starting server. A start takes less than a second when the database answers. */
const START_PATIENCE_MS = 5000

/** A server that answers. */
export interface RunningServer {
  /** Where it listens, for this machine. */
  readonly url: string
  readonly site: Site
  /** Stops gracefully: readiness fails first, then no new connections are accepted, and requests in progress may finish. */
  stop(): Promise<void>
}

/**
 * Listens, opens the site and serves it. The port is opened first: while the database cannot be reached, the server is alive but not
 * ready, and tries again every second. Rejects when the port cannot be used, or when the settings or the database are wrong.
 */
export async function startServer(config: Config, own: OwnParts = {}): Promise<RunningServer> {
  const log = own.log ?? openLog(config.logLevel)
  const messages = own.messages ?? (await openMessages())
  const opened = Promise.withResolvers<Server>()
  const handler: RequestHandler = {
    answer: answerWhileStarting(config, messages, opened.promise),
    failed: (err) => log.error({ err }, 'an answer could not be sent'),
  }
  const listener = await listen(handler, config)
  const url = socketPath(config.host) === undefined ? `http://${hostOf(config.host)}:${listener.port}` : config.host
  // The system chooses the port for port 0, so the issuer is known only now.
  const known = { ...config, port: listener.port, issuer: config.issuer.replace(/:0(?=\/|$)/, `:${listener.port}`) }

  const site = await openPatiently(known, { ...own, log, messages }).catch(async (error) => {
    await listener.close(0)
    throw error
  })
  const server = openServer(site)
  handler.answer = server.answer
  opened.resolve(server)
  const stopJobs = startJobs(site)
  log.info({ url, issuer: known.issuer, database: site.store.engine }, 'listening')

  const stop = async () => {
    log.info('stopping')
    site.beginStop()
    if (config.stopDelay > 0) await pause(config.stopDelay * 1000)
    const [isFinished] = await Promise.all([listener.close(config.stopTimeout), stopJobs()])
    if (!isFinished) log.warn({ seconds: config.stopTimeout }, 'requests were cut off')
    await site.close()
    log.info('stopped')
  }
  let stopped: Promise<void> | undefined
  return {
    url,
    site,
    stop() {
      stopped ??= stop()
      return stopped
    },
  }
}

/** Waits for a database that does not answer yet or that another server is migrating. Any other error is thrown. */
async function openPatiently(config: Config, own: OwnParts & { log: NonNullable<OwnParts['log']> }): Promise<Site> {
  let logged = ''
  for (;;) {
    try {
      return await openSite(config, own)
    } catch (error) {
      if (!(error instanceof Refusal) || error.status !== 503) throw error
      if (error.message !== logged) own.log.warn({ err: error.cause ?? error }, error.message)
      logged = error.message
      await pause(1000)
    }
  }
}

/**
 * Answers until the site is open: alive, not ready, and 503 for everything else, as a page for browsers, whose stylesheet is served too. In
 * the first seconds other requests wait for the site, because proxies use a server as soon as its port is open.
 */
function answerWhileStarting(config: Config, messages: Messages, opened: Promise<Server>): RequestHandler['answer'] {
  const patience = pause(START_PATIENCE_MS, undefined, { ref: false })
  const refusal = httpRefusal('server.starting')
  const { status, message: reason, headers } = refusal
  const { basePath } = config
  return async (message) => {
    const incoming = new Incoming(message, { addressOf: () => '', bodyLimit: 0, path: {}, basePath })
    if (incoming.pathname === liveEndpoint.path) return json(200, { status: 'ok' })
    if (incoming.pathname === readyEndpoint.path) return json(status, { status: 'unavailable', reason }, headers)
    if (incoming.pathname === styleUrl) return asset(sheet, 'text/css; charset=utf-8')
    const server = await Promise.race([opened, patience])
    if (server) return server.answer(message)
    if (!incoming.header('accept')?.includes('text/html'))
      return json(status, { error: 'temporarily_unavailable', error_description: reason }, headers)
    return placeBelow(basePath, await pageErrors(refusal, incoming, { config, messages }))
  }
}

function hostOf(host: string): string {
  if (host === '0.0.0.0' || host === '::') return 'localhost'
  return host.includes(':') ? `[${host}]` : host
}
