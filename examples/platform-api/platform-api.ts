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
  // Clients whose base URL ends in a slash send `//platform/v1/clients`.
  const path = (request.url ?? '/').split('?')[0]!.replaceAll(/\/{2,}/g, '/')
  if (path !== '/platform/v1/clients') return send(response, 404, { status: 'Error', error: 'Not found' })
  if (request.method !== 'GET') return send(response, 405, { status: 'Error', error: 'Use GET' }, { allow: 'GET' })

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

  // The business comes from the token, never from the request: nobody can ask for another's clients.
  send(response, 200, { status: 'OK', data: { clients: settings.clients[asked.business_uid] ?? [] } })
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
