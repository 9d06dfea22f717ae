import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'

/** A client of a business, as the API tells of it. */
export interface Client {
  id: string
  first_name: string
  last_name: string
  email: string
}

export interface PlatformApiSettings {
  port: number
  host: string
  /** Who issues the tokens that this API believes: the URL of Behalf. */
  authorizationServer: string
  /** The clients of each business, by the uid of the business. */
  clients: Record<string, Client[]>
}

/** What the authorization server tells of a token; there is more, but this API needs no more. */
interface UserInfo {
  business_uid: string
  /** What the token allows, names separated by spaces. */
  scope: string
}

/** A token needs one of these to see clients. */
const SCOPES = ['clients_read', 'business/clients']

/** How many clients a page has, unless `per_page` says so, and at most. */
const PER_PAGE = { default: 25, most: 100 }

/** Starts the API. `GET /platform/v1/clients` answers with the clients of the business that the token was given for. */
export async function startPlatformApi(settings: PlatformApiSettings) {
  const server = createServer((request, response) => {
    answer(request, response, settings).catch((error) => {
      console.error(error)
      send(response, 500, { status: 'Error', error: 'Internal error' })
    })
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(settings.port, settings.host, resolve)
  })
  return {
    stop: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

async function answer(request: IncomingMessage, response: ServerResponse, settings: PlatformApiSettings) {
  // Pages of any origin may call this API, because it has no cookies: what a page can read depends only on its token.
  response.setHeader('access-control-allow-origin', '*')
  response.setHeader('access-control-expose-headers', 'WWW-Authenticate, Retry-After')
  // Clients whose base URL ends in a slash send `//platform/v1/clients`.
  const [path, query] = (request.url ?? '/').split('?', 2)
  if (path?.replaceAll(/\/{2,}/g, '/') !== '/platform/v1/clients')
    return send(response, 404, { status: 'Error', error: 'Not found' })
  if (request.method === 'OPTIONS') return preflight(response)
  // Some clients read lists with POST.
  if (!['GET', 'HEAD', 'POST'].includes(request.method!)) {
    return send(response, 405, { status: 'Error', error: 'Use GET' }, { allow: 'GET, HEAD, POST, OPTIONS' })
  }

  const token = /^Bearer +([\w.~+/-]+=*)$/i.exec(request.headers.authorization ?? '')?.[1]
  if (!token) return refuse(response, 'Bearer realm="platform"')
  const asked = await askAbout(token, settings.authorizationServer)
  if (asked === 'unreachable') {
    return send(response, 503, { status: 'Error', error: 'Try again soon' }, { 'retry-after': '2' })
  }
  if (asked === 'refused') return refuse(response, 'Bearer realm="platform", error="invalid_token"')

  const granted = asked.scope.split(' ')
  if (!SCOPES.some((scope) => granted.includes(scope))) {
    const challenge = `Bearer realm="platform", error="insufficient_scope", scope="${SCOPES[0]}"`
    const error = `The token needs the scope ${SCOPES.join(' or ')}`
    return send(response, 403, { status: 'Error', error }, { 'www-authenticate': challenge })
  }

  const page = readPage(new URLSearchParams(query))
  if (!page) {
    const error = `page must be a number from 1, and per_page a number from 1 to ${PER_PAGE.most}`
    return send(response, 400, { status: 'Error', error })
  }
  // The business comes from the token, never from the request, so no app can read the clients of another business.
  const clients = settings.clients[asked.business_uid] ?? []
  send(response, 200, { status: 'OK', data: { clients: clients.slice(page.start, page.end) } })
}

/** Returns where the requested page starts and ends; undefined if `page` or `per_page` is wrong. */
function readPage(query: URLSearchParams): { start: number; end: number } | undefined {
  const read = (name: string, byDefault: number, most: number) => {
    const text = query.get(name) ?? String(byDefault)
    return /^[1-9]\d{0,6}$/.test(text) && Number(text) <= most ? Number(text) : undefined
  }
  const page = read('page', 1, 1_000_000)
  const size = read('per_page', PER_PAGE.default, PER_PAGE.most)
  return page && size ? { start: (page - 1) * size, end: page * size } : undefined
}

/** Answers what a browser asks before it lets a page of another origin send a token (Fetch §4.8). */
function preflight(response: ServerResponse): void {
  response.writeHead(204, {
    'access-control-allow-methods': 'GET, HEAD, POST',
    'access-control-allow-headers': 'Authorization, Content-Type, *',
  })
  response.end()
}

/** Asks at every call, so that a token that was ended a moment ago is of no use here either. */
async function askAbout(token: string, authorizationServer: string): Promise<UserInfo | 'refused' | 'unreachable'> {
  try {
    const response = await fetch(`${authorizationServer}/oauth/userinfo`, {
      headers: { accept: 'application/json', authorization: `Bearer ${token}` },
      redirect: 'error',
      signal: AbortSignal.timeout(5000),
    })
    if (response.ok) return (await response.json()) as UserInfo
    await response.body?.cancel()
    return response.status === 401 || response.status === 403 ? 'refused' : 'unreachable'
  } catch {
    return 'unreachable'
  }
}

function refuse(response: ServerResponse, challenge: string): void {
  send(response, 401, { status: 'Error', error: 'Unauthorized' }, { 'www-authenticate': challenge })
}

function send(response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store', ...headers })
  response.end(JSON.stringify(body))
}
