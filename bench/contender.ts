/** What is measured. `exchange` asks for no `openid`; `exchange-openid` gets an RS256 ID token as well. */
export const scenarios = ['userinfo', 'exchange', 'exchange-openid'] as const
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

/** A code exchange as every server here understands it: form-encoded, credentials in the body. */
export function exchangeTarget(path: string, clientId: string, clientSecret: string, redirectUri: string): Target {
  const form = new URLSearchParams({
    grant_type: 'authorization_code',
    client_id: clientId,
    client_secret: clientSecret,
    redirect_uri: redirectUri,
  })
  return {
    path,
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
    body: `${form}&code=`,
  }
}

/** A userinfo call with a bearer token. */
export function userinfoTarget(path: string): Target {
  return { path, method: 'GET', headers: { accept: 'application/json' } }
}
