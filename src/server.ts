import type { IncomingMessage, ServerResponse } from 'node:http'
import { type Endpoint, type ErrorRenderer, pathsOf } from './endpoint.ts'
import { type Route, withinBoundary } from './http/boundary.ts'
import { Incoming } from './http/incoming.ts'
import { openLoggedPath } from './http/logged-path.ts'
import { type Message, messageOf } from './http/message.ts'
import { placeBelow } from './http/place-below.ts'
import { refuse } from './http/refusals.ts'
import { refusedRequest } from './http/refused-request.ts'
import { ANY_ORIGIN, Answer, asResponse, json, preflight } from './http/reply.ts'
import { openResponseWriter } from './http/response-writer.ts'
import { openRouter, type Pieces, pathBelow, pathOf } from './http/router.ts'
import { Refusal } from './kit/refusal.ts'
import { explained } from './oauth/errors/error-code.ts'
import { endpoints, unknownPaths } from './routes.ts'
import type { Site } from './site.ts'
import { pageErrors } from './ui/page-errors.ts'

/** Answers every request to a site. */
export interface Server {
  /** Answers Node's own request; the promise never rejects. */
  answer(message: Message): Promise<Answer>
  /**
   * Answers a web-standard request, for tests and for servers that mount this one. `env.incoming` is Node's request
   * behind it, if there is one; otherwise `env.address` is the IP address of the client, which limits count.
   */
  fetch(request: Request, env?: { readonly incoming?: unknown; readonly address?: string }): Promise<Response>
  /** Answers a request of Node's HTTP server, for servers that mount this one, such as Express. They must not have read the body. */
  handle(message: IncomingMessage, response: ServerResponse): void
}

/** What is recorded of the requests to one path. */
interface Records {
  /** Whether its refusals are kept for `behalf why`. */
  isKept: boolean
  pathForLog(target: string): string
}

type Serve = (message: Message, pieces: Pieces) => Promise<Answer>

/** Opens the server, which answers every request of every method and path. */
export function openServer(site: Site): Server {
  const shared = Map.groupBy(
    endpoints.flatMap((endpoint) => pathsOf(endpoint, site.config.basePath).map((path) => ({ path, endpoint }))),
    ({ path }) => path,
  )
  const served = new Map<string, Serve>()
  const pathForLog = openLoggedPath(shared.keys())
  for (const [path, each] of shared) {
    const sharing = each.map(({ endpoint }) => endpoint)
    const isKept = !/^\/(health|metrics|assets)\b/.test(sharing[0]!.path)
    served.set(path, serveByMethod(sharing, { isKept, pathForLog: pathForLog(path) }, site))
  }
  const find = openRouter(served)
  const serveUnknown = openUnknown({ isKept: false, pathForLog: pathForLog() }, site)
  const answer = (message: Message) => {
    const found = find(message.url ?? '')
    return found ? found.value(message, found.pieces) : serveUnknown(message, {})
  }
  const failed = (err: unknown) => site.log.error({ err }, 'an answer could not be sent')
  const writer = openResponseWriter(failed)
  return {
    answer,
    async fetch(request, env) {
      const given = await answer(messageOf(request, env?.incoming as IncomingMessage, env?.address))
      // A response to HEAD has no content (RFC 9110 §9.3.2). Node leaves it out by itself.
      return asResponse(request.method === 'HEAD' ? new Answer(given.status, given.headers, null) : given)
    },
    handle(message, response) {
      answer(message).then((given) => writer.send({ answer: given, message, response }), failed)
    },
  }
}

/** Chooses among the endpoints that share a path, and decides HEAD, preflights and 405 for all of them. */
function serveByMethod(sharing: readonly Endpoint[], records: Records, site: Site): Serve {
  const isOpen = sharing.some(({ readableBy }) => readableBy === 'any-origin')
  const allow = [...sharing.flatMap(({ methods }) => methods), ...(isOpen ? ['OPTIONS'] : [])].join(', ')
  const byMethod = new Map<string, Serve>()
  for (const endpoint of sharing) {
    const answer = serve(endpoint, records, site)
    for (const method of endpoint.methods) byMethod.set(method, answer)
    if (byMethod.has('GET') && !endpoint.refusesHead) byMethod.set('HEAD', byMethod.get('GET')!)
  }
  const { errors } = sharing[0]!
  if (isOpen) byMethod.set('OPTIONS', serve({ errors, handle: () => preflight(allow) }, records, site))
  const refuseMethod = () => refuse('address.method', { allowed: allow }, { headers: { allow } })
  const otherwise = serve({ errors, handle: refuseMethod, ...(isOpen && { readableBy: 'any-origin' }) }, records, site)
  return (message, pieces) => (byMethod.get(message.method!) ?? otherwise)(message, pieces)
}

/** Answers 404. These refusals are not kept, because anyone can invent paths. */
function openUnknown(records: Records, site: Site): Serve {
  const serveWith = (errors: ErrorRenderer) => serve({ errors, handle: () => refuse('address.unknown') }, records, site)
  const served = unknownPaths.map(({ below, errors }) => ({ below, answer: serveWith(errors) }))
  const asPage = serveWith(pageErrors)
  return (message, pieces) => {
    const path = pathBelow(site.config.basePath, pathOf(message.url ?? ''))
    const found = served.find(({ below }) => path === below || path.startsWith(`${below}/`))
    return (found?.answer ?? asPage)(message, pieces)
  }
}

type Served = Pick<Endpoint, 'errors' | 'handle' | 'neverInUrl' | 'readableBy'>

/** Answers with one endpoint, and turns what it throws into an answer. */
function serve(
  { errors, handle, neverInUrl = [], readableBy }: Served,
  { isKept, pathForLog }: Records,
  site: Site,
): Serve {
  const { addressOf, config, log } = site
  const { bodyLimit, basePath } = config
  const misplaced = typeof neverInUrl === 'function' ? neverInUrl(site) : neverInUrl
  const route: Route = {
    handle: (incoming) => {
      incoming.checkNotInUrl(misplaced)
      return handle(incoming, site)
    },
    renderError: (refusal, incoming) => errors(refusal, incoming, site),
    keep: isKept ? (refusal, incoming) => keepRefusal(refusal, incoming, site) : undefined,
    headers: readableBy === 'any-origin' ? ANY_ORIGIN : undefined,
    log,
  }
  /** Answers when rendering an error fails. */
  const answerUnrendered = (err: unknown) => {
    log.error({ err }, 'an answer could not be made')
    return json(err instanceof Refusal ? err.status : 500, { error: 'server_error' })
  }
  const isDebugging = log.isLevelEnabled('debug')
  return (message, path) => {
    const incoming = new Incoming(message, { addressOf, bodyLimit, path, basePath, pathForLog })
    const given = withinBoundary(incoming, route).catch(answerUnrendered)
    const answer = basePath === '' ? given : given.then((each) => placeBelow(basePath, each))
    return isDebugging ? logged(incoming, answer, site) : answer
  }
}

/** The paths whose refusals have OAuth error codes. */
const IS_PROTOCOL = /^\/+(app\/+)?(oauth|\.well-known)\//

function keepRefusal(refusal: Refusal, incoming: Incoming, { refusals }: Site): void {
  const answer = IS_PROTOCOL.test(incoming.pathname) ? explained(refusal) : {}
  refusals.keep(refusal, refusedRequest(incoming), answer)
}

/** Logs one line per request: never a query, a header or a body. */
async function logged(incoming: Incoming, answer: Promise<Answer>, { log }: Site): Promise<Answer> {
  const begun = performance.now()
  const { status } = await answer
  const { method, reference, loggedPath } = incoming
  const milliseconds = Math.round((performance.now() - begun) * 10) / 10
  log.debug({ reference, method, path: loggedPath, status, milliseconds }, 'answered')
  return answer
}
