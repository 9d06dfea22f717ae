import { randomBytes } from 'node:crypto'
import { DEFAULT_ALGORITHM } from '../../domain/keys/signing-algorithms.ts'
import type { Site } from '../../site.ts'
import type { App } from '../../store/nouns/apps.ts'
import { type Finding, ok, todo } from '../kit/findings.ts'
import { readAnswer } from './read-answer.ts'
import type { SigningKey } from './read-signing-key.ts'
import { tryAuthorization } from './try-authorization.ts'
import { tryTokenRequest } from './try-token-request.ts'

const TIMEOUT_MS = 10_000
const MAX_CLOCK_DIFFERENCE_SECONDS = 5

/** What is tested, and how. */
export interface Trial {
  app: App
  site: Site
  /** Where this machine reaches the server, if that is not the issuer. */
  url?: string | undefined
  /** A secret of the app. */
  secret?: string | undefined
  /** A private key that the app signs with. */
  key?: SigningKey | undefined
  /** The resource that the app requests tokens for, if that is not its default. */
  resource?: string | undefined
}

/** A trial with the metadata of the server (OpenID Connect Discovery §3). */
export interface Walk extends Trial {
  metadata: Record<string, string>
  /** Sends a request to a URL of the server, without following redirects. */
  ask(url: string, init?: RequestInit): Promise<Response>
}

/** Sends the requests of the app to the running server, up to where a person would sign in. The server refuses each in the end. */
export async function walkFlow(trial: Trial): Promise<Finding[]> {
  const { issuer } = trial.site.config
  const findings: Finding[] = []
  const ask: Walk['ask'] = (url, init) =>
    fetch(reachable(url, trial), { redirect: 'manual', signal: AbortSignal.timeout(TIMEOUT_MS), ...init })
  try {
    const response = await ask(`${issuer}/.well-known/openid-configuration`)
    const metadata = (await readAnswer(response)) as Walk['metadata']
    if (response.status !== 200 || !metadata.issuer) {
      const advice = 'Point the proxy in front, or --url, to this server.'
      return [todo('Server', `${response.url} answers ${response.status} without metadata`, advice)]
    }
    const walk = { ...trial, metadata, ask }
    findings.push(checkIssuer(walk), checkClock(response))
    // A server of another issuer must not get the secret (RFC 8414 §3.3).
    if (metadata.issuer !== issuer) return findings
    for (const check of [checkKeys, checkHeaders, tryAuthorization, tryTokenRequest])
      findings.push(...[await check(walk)].flat())
  } catch (error) {
    const { cause, message } = error as Error & { cause?: { code?: string } }
    const advice = 'Start the server, or name its address with --url. BEHALF_ISSUER must be where apps reach it.'
    findings.push(todo('Server', `${reachable(issuer, trial)} does not answer (${cause?.code ?? message})`, advice))
  }
  return findings
}

/** Returns the URL of an endpoint as this machine reaches it. */
function reachable(url: string, { url: base }: Trial): string {
  if (base === undefined) return url
  const { pathname, search } = new URL(url)
  return new URL(base).origin + pathname + search
}

/** Libraries compare the issuer exactly (OpenID Connect Discovery §4.3). */
function checkIssuer({ metadata, site }: Walk): Finding {
  const { issuer } = site.config
  if (metadata.issuer === issuer) return ok('Issuer', `${issuer}, which the app must use exactly so`)
  const advice = 'Give this command and the server the same BEHALF_ISSUER: the URL, with its port, that apps use.'
  return todo('Issuer', `the server says ${metadata.issuer}, but the setting is ${issuer}`, advice)
}

/** Apps compare the times in ID tokens with their own clocks. */
function checkClock(response: Response): Finding {
  const seconds = Math.round(Math.abs(Date.parse(response.headers.get('date') ?? '') - Date.now()) / 1000)
  if (seconds <= MAX_CLOCK_DIFFERENCE_SECONDS) return ok('Clock', 'this machine and the server agree')
  const advice = 'Synchronize the server, and the machine of the app, with a time server (NTP).'
  return todo('Clock', `this machine and the server are ${seconds} s apart`, advice)
}

async function checkKeys({ app, metadata, ask }: Walk): Promise<Finding> {
  const algorithm = app.protocol.idTokenAlg ?? DEFAULT_ALGORITHM
  const { keys = [] } = (await readAnswer(await ask(metadata.jwks_uri!))) as { keys?: { alg: string }[] }
  if (keys.some((each) => each.alg === algorithm))
    return ok('Signing keys', `${metadata.jwks_uri} has one for ${algorithm}`)
  return todo('Signing keys', `${metadata.jwks_uri} has none for ${algorithm}`, 'Run `behalf doctor`.')
}

/** Some proxies remove the Authorization header. Then every call with a token fails, and so does HTTP Basic. */
async function checkHeaders({ metadata, ask }: Walk): Promise<Finding> {
  const authorization = `Bearer ${randomBytes(32).toString('hex')}`
  const response = await ask(metadata.userinfo_endpoint!, { headers: { authorization } })
  const isRead = response.headers.get('www-authenticate')?.includes('invalid_token')
  if (isRead) return ok('Authorization header', 'reaches the server')
  const advice = 'Let the proxy in front pass the Authorization header, and WWW-Authenticate in answers.'
  return todo('Authorization header', `does not reach the server: userinfo answers ${response.status}`, advice)
}
