/**
 * What is measured. `exchange` asks for no `openid`; `exchange-openid` gets an RS256 ID token as well, `exchange-es256` one signed with
 * ES256. Each `refresh` rotates.
 */
export const scenarios = [
  'userinfo',
  'introspection',
  'exchange',
  'exchange-openid',
  'exchange-es256',
  'refresh',
  'client-credentials',
] as const
export type Scenario = (typeof scenarios)[number]

/** One server of the comparison. */
export interface Contender {
  readonly id: string
  readonly label: string
  readonly scenarios: readonly Scenario[]
  start(): Promise<Running>
}

/** A contender that is up, alone on its core. */
export interface Running {
  readonly pid: number
  readonly port: number
  /** Milliseconds from the start of the process to its first ready answer. */
  readonly readyAfter: number
  /** What a request of this scenario looks like, without the code or token. */
  target(scenario: Scenario): Target
  /** So many fresh codes (each good once) or tokens, made outside the timed window; undefined where any value will do. */
  supply(scenario: Scenario, count: number): Promise<string[] | undefined>
  /** Whether the server itself knows this access token; undefined where there is nothing to ask. */
  works(token: string): Promise<boolean | undefined>
  /** Access tokens on disk, where they can be counted from outside. */
  storedTokens?(): number
  stop(): Promise<void>
}

/** Whether what is sent in a scenario is good for one request only. */
export const isOnce = (scenario: Scenario): boolean => scenario === 'refresh' || scenario.startsWith('exchange')
/** Whether a scenario stores a token with every answer. */
export const isStoring = (scenario: Scenario): boolean => isOnce(scenario) || scenario === 'client-credentials'

/** How the apps of the benchmark are known to a server. */
export interface Credentials {
  clientId: string
  clientSecret: string
}

/** The fixed part of a request: the code or the token is appended to `body`, or sent as the bearer where there is none. */
export interface Target {
  path: string
  method: 'GET' | 'POST'
  headers: Record<string, string>
  body?: string
}

/** Recorded answers, for the bare server to repeat. */
export type Answers = Partial<Record<Scenario, { headers: Record<string, string>; body: string }>>

/** What the benchmark asks of the peer's process over IPC, outside the timed window. */
export type Ask = { ask: 'mint'; scenario: Scenario; count: number } | { ask: 'works'; token: string }
export type Told = { minted: string[] } | { works: boolean }

/** The paths of a server. */
export interface Paths {
  token: string
  userinfo: string
  introspection: string
}

/** A request as every server here understands it: form-encoded, credentials in the body. */
export function targetOf(scenario: Scenario, paths: Paths, app: Credentials, redirectUri: string): Target {
  if (scenario === 'userinfo') return { path: paths.userinfo, method: 'GET', headers: { accept: 'application/json' } }
  const credentials = { client_id: app.clientId, client_secret: app.clientSecret }
  const post = (path: string, fields: Record<string, string>, last: string): Target => ({
    path,
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
    body: `${new URLSearchParams({ ...credentials, ...fields })}&${last}=`,
  })
  switch (scenario) {
    case 'introspection':
      return post(paths.introspection, {}, 'token')
    case 'refresh':
      return post(paths.token, { grant_type: 'refresh_token' }, 'refresh_token')
    case 'client-credentials':
      // Every request ends with something of its own; here it is a parameter that nobody reads.
      return post(paths.token, { grant_type: 'client_credentials', scope: 'app/installs' }, 'nth')
    default:
      return post(paths.token, { grant_type: 'authorization_code', redirect_uri: redirectUri }, 'code')
  }
}
