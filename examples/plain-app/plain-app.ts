import { randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { codePage, messagePage, resultPage, startPage } from './pages.ts'

/** What the platform gave us when we registered. */
export interface Registration {
  /** How it stands in our own URLs. */
  slug: string
  name: string
  note: string
  clientId: string
  clientSecret: string
}

export interface PlainAppSettings {
  port: number
  host: string
  /** Where browsers find us. */
  url: string
  /** The URL of Behalf. */
  authorizationServer: string
  /** The platform's API, which takes our tokens. */
  platformApi: string
  registrations: Registration[]
}

/** The token endpoint's answer. */
export interface TokenAnswer {
  access_token: string
  token_type: string
  expires_in: number
  created_at: number
  [more: string]: unknown
}

/** A sign-in that we sent a browser to and that has not come back. */
interface Waiting {
  registration: Registration
  /** Show the code instead of exchanging it, so that you can do it by hand. */
  byHand: boolean
}

/** One cookie for each sign-in that was begun, so that two tabs do not disturb each other. */
const cookieOf = (state: string) => `plain_app_${state}`

/** Starts the app: `/connect` sends the browser to the platform, `/callback` is where it comes back. */
export async function startPlainApp(settings: PlainAppSettings) {
  const waiting = new Map<string, Waiting>()
  const server = createServer((request, response) => {
    answer(request, response, settings, waiting).catch((error) => {
      console.error(error)
      show(response, 500, messagePage('Something went wrong', 'Please start again.'))
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

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  settings: PlainAppSettings,
  waiting: Map<string, Waiting>,
) {
  const url = new URL(request.url ?? '/', settings.url)
  if (request.headers.host !== new URL(settings.url).host) {
    // The cookie has to be set for the host that the browser will come back to.
    return redirect(response, `${settings.url}${url.pathname}${url.search}`)
  }
  if (url.pathname === '/') return show(response, 200, startPage(settings))
  if (url.pathname === '/connect') return connect(url.searchParams, response, settings, waiting)
  if (url.pathname === '/callback') return callback(request, url.searchParams, response, settings, waiting)
  show(response, 404, messagePage('There is nothing here', 'Start at the front page.'))
}

/** Step 2: send the browser to the authorization URL. `state` proves later that the answer belongs to this browser. */
function connect(
  query: URLSearchParams,
  response: ServerResponse,
  { authorizationServer, url, registrations }: PlainAppSettings,
  waiting: Map<string, Waiting>,
) {
  const registration = registrations.find(({ slug }) => slug === query.get('app')) ?? registrations[0]!
  const state = randomBytes(16).toString('hex')
  waiting.set(state, { registration, byHand: query.get('by') === 'hand' })
  if (waiting.size > 1000) waiting.delete(waiting.keys().next().value!)
  const parameters = new URLSearchParams({
    client_id: registration.clientId,
    redirect_uri: `${url}/callback`,
    state,
  })
  response.setHeader('set-cookie', `${cookieOf(state)}=1; Path=/callback; HttpOnly; SameSite=Lax; Max-Age=3600`)
  redirect(response, `${authorizationServer}/app/oauth/authorize?${parameters}`)
}

/** Step 3: the browser is back. Is it the one we sent, and what does it bring? */
async function callback(
  request: IncomingMessage,
  query: URLSearchParams,
  response: ServerResponse,
  settings: PlainAppSettings,
  waiting: Map<string, Waiting>,
) {
  const state = query.get('state') ?? ''
  const isOurs = request.headers.cookie?.split('; ').includes(`${cookieOf(state)}=1`)
  const begun = isOurs ? waiting.get(state) : undefined
  if (!begun) {
    const sentence = 'We did not ask for it in this browser, or it was used already. Connect again from the front page.'
    return show(response, 400, messagePage('This answer is not expected', sentence))
  }
  waiting.delete(state)
  response.setHeader('set-cookie', `${cookieOf(state)}=; Path=/callback; Max-Age=0`)
  const error = query.get('error')
  if (error !== null) {
    const title = error === 'access_denied' ? 'Not connected' : 'The platform refused'
    return show(response, 200, messagePage(title, query.get('error_description') ?? error))
  }
  const code = query.get('code') ?? ''
  if (begun.byHand) return show(response, 200, codePage(code, begun.registration, settings))

  const token = await exchange(code, begun.registration, settings)
  if ('error' in token)
    return show(response, 502, messagePage('No token', `${token.error}: ${token.error_description}`))
  const [userinfo, clients] = await Promise.all([
    call(`${settings.authorizationServer}/oauth/userinfo`, token.access_token),
    call(`${settings.platformApi}/platform/v1/clients`, token.access_token),
  ])
  // A real app would now keep the token with the business it belongs to; this one only shows what it got.
  show(response, 200, resultPage(begun.registration, token, userinfo, clients))
}

/** Exchanges the code for an access token, as the platform's documentation has it. A code is good for 30 seconds, and once. */
async function exchange(
  code: string,
  { clientId, clientSecret }: Registration,
  { authorizationServer, url }: PlainAppSettings,
): Promise<TokenAnswer | { error: string; error_description?: string }> {
  const response = await fetch(`${authorizationServer}/oauth/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      grant_type: 'authorization_code',
      code,
      client_id: clientId,
      client_secret: clientSecret,
      redirect_uri: `${url}/callback`,
    }),
  })
  return response.json() as Promise<TokenAnswer>
}

/** Step 4: call an API on behalf of the business. */
async function call(url: string, accessToken: string): Promise<Record<string, unknown>> {
  try {
    const response = await fetch(url, {
      headers: { accept: 'application/json', authorization: `Bearer ${accessToken}` },
    })
    return (await response.json()) as Record<string, unknown>
  } catch (error) {
    return { error: `${url} cannot be reached: ${(error as Error).message}` }
  }
}

function redirect(response: ServerResponse, location: string): void {
  response.writeHead(302, { location, 'cache-control': 'no-store' }).end()
}

function show(response: ServerResponse, status: number, page: string): void {
  response.writeHead(status, {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'",
    'referrer-policy': 'no-referrer',
  })
  response.end(page)
}
