import type { HttpBindings } from '@hono/node-server'
import { Hono } from 'hono'
import { loggedPath, withinBoundary } from './http/boundary.ts'
import { Incoming } from './http/incoming.ts'
import { sayPage } from './http/page/say-page.ts'
import { json } from './http/reply.ts'
import { Problem, Refusal } from './kit/refusal.ts'
import { routes } from './routes.ts'
import type { Handler, Site, Voice } from './site.ts'

/** The whole server as one fetch handler: mounted on a port by main.ts, called directly by tests, or mounted inside another server. */
export function openApp(site: Site) {
  const app = new Hono<{ Bindings: Partial<HttpBindings> | undefined }>({ getPath: tidyPath, strict: true })
  const surroundings = { addressOf: site.addressOf, bodyLimit: site.config.bodyLimit }

  const isTalkative = site.log.isLevelEnabled('debug')

  const serve = (handle: Handler, voice: Voice) => {
    return (c: { req: { raw: Request; param(): Record<string, string> }; env: Partial<HttpBindings> | undefined }) => {
      const message = c.env?.incoming as import('node:http').IncomingMessage | undefined
      const incoming = new Incoming(c.req.raw, {
        ...surroundings,
        path: c.req.param(),
        ...(message ? { message } : {}),
      })
      const answer = withinBoundary(
        incoming,
        () => handle(incoming, site),
        (refusal) => voice(refusal, incoming, site),
        site.log,
      )
      return isTalkative ? noted(incoming, answer, site) : answer
    }
  }

  for (const { method, path, handle, voice } of routes) app.on(method, path, serve(handle, voice))
  for (const [path, allowed] of methodsByPath()) {
    const { voice } = routes.find((route) => route.path === path)!
    const refuse = () => {
      throw new Problem(405, `This address answers ${allowed} alone.`, { headers: { allow: allowed } })
    }
    app.all(path, serve(refuse, voice))
  }
  app.all(
    '*',
    serve(() => {
      throw new Problem(404, 'There is nothing at this address.')
    }, sayPage),
  )
  // What goes wrong even while a refusal is being said.
  app.onError((err) => {
    site.log.error({ err }, 'an answer could not be made')
    return json(err instanceof Refusal ? err.status : 500, { error: 'server_error' })
  })
  return app
}

/** Writes one line per request, for whoever looks for something: never a query, a header or a body. */
async function noted(incoming: Incoming, answer: Promise<Response>, { log }: Site): Promise<Response> {
  const begun = performance.now()
  const response = await answer
  const { method, reference, request } = incoming
  const took = Math.round((performance.now() - begun) * 10) / 10
  log.debug(
    { reference, method, path: loggedPath(request.url), status: response.status, milliseconds: took },
    'answered',
  )
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
