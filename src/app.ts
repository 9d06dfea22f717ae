import type { IncomingMessage } from 'node:http'
import { type Context, Hono } from 'hono'
import { type Door, loggedPath, withinBoundary } from './http/boundary.ts'
import { Incoming } from './http/incoming.ts'
import { refusal as httpRefusal } from './http/refusals.ts'
import { type Answer, asResponse, json } from './http/reply.ts'
import { Refusal } from './kit/refusal.ts'
import { keepRefusal } from './oauth/errors/keep-refusal.ts'
import { routes } from './routes.ts'
import type { Handler, Site, Voice } from './site.ts'
import { sayPage } from './ui/say-page.ts'

/** What node-server hands over beside the request: Node's own. Nothing where there is no socket. */
type Bindings = { readonly incoming?: unknown } | undefined

/** A server as others see it. */
export interface App {
  fetch(request: Request, env?: Bindings): Promise<Response>
  /** The same for Node's own request, where it asks for what is asked for most; undefined for everything else. */
  answer(message: IncomingMessage): Promise<Answer> | undefined
}

type Serve = (request: Request | undefined, message: IncomingMessage | undefined, path: Pieces) => Promise<Answer>
type Pieces = Record<string, string>

const NO_PIECES: Pieces = {}

/** The whole server as one fetch handler: mounted on a port by main.ts, called directly by tests, or mounted inside another server. */
export function openApp(site: Site): App {
  const router = new Hono<{ Bindings: Bindings }>({ getPath: tidyPath, strict: true })
  const { addressOf, config, log } = site
  const { bodyLimit } = config
  const isTalkative = log.isLevelEnabled('debug')

  const serve = (handle: Handler, voice: Voice, isKept = true): Serve => {
    const door: Door = {
      handle: (incoming) => handle(incoming, site),
      say: (refusal, incoming) => voice(refusal, incoming, site),
      log,
    }
    if (isKept) door.keep = (refusal, incoming) => keepRefusal(refusal, incoming, site)
    return (request, message, path) => {
      const incoming = new Incoming(request, { addressOf, bodyLimit, path, message })
      const answer = withinBoundary(incoming, door).catch(unsayable)
      return isTalkative ? noted(incoming, answer, site) : answer
    }
  }
  /** What goes wrong even while a refusal is being said. */
  const unsayable = (err: unknown) => {
    log.error({ err }, 'an answer could not be made')
    return json(err instanceof Refusal ? err.status : 500, { error: 'server_error' })
  }
  const mount = (method: string | undefined, path: string, answer: Serve) => {
    const handler = async (c: Context<{ Bindings: Bindings }>) =>
      asResponse(await answer(c.req.raw, messageOf(c.env), c.req.param()))
    if (method === undefined) router.all(path, handler)
    else router.on(method, path, handler)
  }

  // A path without named pieces is found at once; the router is for the others, and for what is not there.
  const known = new Map<string, Serve>()
  const hot = new Map<string, Serve>()
  for (const { method, path, handle, voice, isHot } of routes) {
    const answer = serve(handle, voice, mayExplain(path))
    mount(method, path, answer)
    if (!path.includes(':')) known.set(`${method} ${path}`, answer)
    if (isHot) hot.set(`${method} ${path}`, answer)
  }
  for (const [path, allowed] of methodsByPath()) {
    const { voice } = routes.find((route) => route.path === path)!
    const refuse = () => {
      throw httpRefusal('address.method', { allowed }, { headers: { allow: allowed } })
    }
    mount(undefined, path, serve(refuse, voice, mayExplain(path)))
  }
  const refuse = () => {
    throw httpRefusal('address.unknown')
  }
  // Whatever anybody makes up as an address is not worth a row.
  mount(undefined, '*', serve(refuse, sayPage, false))

  return {
    async fetch(request, env) {
      const answer = known.get(`${request.method} ${tidyPath(request)}`)
      return answer ? asResponse(await answer(request, messageOf(env), NO_PIECES)) : router.fetch(request, env)
    },
    // With a query or in another spelling it is somebody who asks seldom.
    answer: (message) => hot.get(`${message.method} ${message.url}`)?.(undefined, message, NO_PIECES),
  }
}

function messageOf(env: Bindings): IncomingMessage | undefined {
  return env?.incoming as IncomingMessage | undefined
}

/** Whether somebody may ask later why a request to this path was refused; not for what machines ask for by themselves. */
function mayExplain(path: string): boolean {
  return !/^\/(health|metrics|assets)\b/.test(path)
}

/** Writes one line per request, for whoever looks for something: never a query, a header or a body. */
async function noted(incoming: Incoming, answer: Promise<Answer>, { log }: Site): Promise<Answer> {
  const begun = performance.now()
  const response = await answer
  const { method, reference, url } = incoming
  const took = Math.round((performance.now() - begun) * 10) / 10
  log.debug({ reference, method, path: loggedPath(url), status: response.status, milliseconds: took }, 'answered')
  return response
}

/** `//oauth/token`, as clients send it whose base URL ends in a slash, is `/oauth/token`. */
function tidyPath(request: Request): string {
  const { url } = request
  const start = url.indexOf('/', url.indexOf('://') + 3)
  if (start < 0) return '/'
  const end = url.slice(start).search(/[?#]/)
  const path = end < 0 ? url.slice(start) : url.slice(start, start + end)
  return path.includes('//') ? path.replaceAll(/\/{2,}/g, '/') : path
}

function methodsByPath(): Map<string, string> {
  const methods = new Map<string, string>()
  for (const { method, path } of routes)
    methods.set(path, methods.has(path) ? `${methods.get(path)}, ${method}` : method)
  return methods
}
