import { createPublicKey, type JsonWebKey, verify } from 'node:crypto'
import type { Running, Scenario } from './contender.ts'
import type { Driven } from './load.ts'

type Sample = Driven['samples'][number]
type Key = JsonWebKey & { kid?: string }

interface Answer {
  access_token: string
  id_token?: string
  refresh_token?: string
}

const isSigned = (scenario: Scenario) => scenario === 'exchange-openid' || scenario === 'exchange-es256'

/** One request of a scenario, sent by hand. */
export async function ask(running: Running, scenario: Scenario, sent: string): Promise<Response> {
  const { path, method, headers, body } = running.target(scenario)
  const url = `http://127.0.0.1:${running.port}${path}`
  if (body === undefined) return fetch(url, { method, headers: { ...headers, authorization: `Bearer ${sent}` } })
  return fetch(url, { method, headers, body: body + sent })
}

/**
 * That the answers of a run mean something: tokens handed out are known and all different, ID tokens are validly signed with
 * their algorithm, userinfo says who, a spent code is refused, and a token nobody issued is refused.
 */
export async function proveSamples(running: Running, scenario: Scenario, samples: Sample[]): Promise<void> {
  if (samples.length === 0) throw new Error('the run left no sample to check')
  if (scenario === 'userinfo') return proveUserinfo(running, samples)
  if (scenario === 'introspection') return proveIntrospection(running, samples)

  const answers = samples.map(({ body }) => JSON.parse(body) as Answer)
  const tokens = new Set(answers.map((answer) => answer.access_token))
  if (tokens.size !== samples.length) throw new Error('two requests got the same access token')
  for (const token of [...tokens].slice(0, 50)) {
    if (!(await running.works(token)))
      throw new Error('an access token handed out in the run is not known to the server')
  }

  const withIdToken = answers.filter((answer) => answer.id_token)
  if (withIdToken.length !== (isSigned(scenario) ? answers.length : 0))
    throw new Error(`${withIdToken.length} of ${answers.length} answers carry an ID token`)
  if (withIdToken.length > 0) {
    const keys = await publishedKeys(running)
    for (const { id_token } of withIdToken.slice(0, 50))
      proveIdToken(id_token!, keys, scenario === 'exchange-es256' ? 'ES256' : 'RS256')
  }
  if (scenario === 'refresh' && answers.some(({ refresh_token: next }, i) => !next || next === samples[i]!.sent))
    throw new Error('a refresh did not rotate')

  // A used refresh token may be sent again for a while: its answer could have been lost.
  if (!scenario.startsWith('exchange')) return
  const again = await ask(running, scenario, samples[0]!.sent)
  if (again.status !== 400) throw new Error(`a spent code was answered with ${again.status}`)
}

async function proveUserinfo(running: Running, samples: Sample[]): Promise<void> {
  for (const { body } of samples) {
    if (!JSON.parse(body).sub) throw new Error('a userinfo answer names nobody')
  }
  const wrong = await ask(running, 'userinfo', 'f'.repeat(64))
  if (wrong.status !== 401) throw new Error(`a token nobody issued was answered with ${wrong.status}`)
}

async function proveIntrospection(running: Running, samples: Sample[]): Promise<void> {
  for (const { body } of samples) {
    if (JSON.parse(body).active !== true) throw new Error('an introspected token is not active')
  }
  const wrong = await ask(running, 'introspection', 'f'.repeat(64))
  if (((await wrong.json()) as { active?: boolean }).active !== false)
    throw new Error('a token nobody issued is said to be active')
}

async function publishedKeys({ port }: Running): Promise<Key[]> {
  const read = async (url: string) => (await fetch(url)).json() as Promise<Record<string, unknown>>
  const metadata = await read(`http://127.0.0.1:${port}/.well-known/openid-configuration`)
  return (await read(String(metadata.jwks_uri))).keys as Key[]
}

function proveIdToken(idToken: string, keys: Key[], expected: 'RS256' | 'ES256'): void {
  const [head = '', claims = '', signature = ''] = idToken.split('.')
  const { alg, kid } = JSON.parse(Buffer.from(head, 'base64url').toString())
  const key = keys.find((one) => one.kid === kid)
  const good =
    alg === expected &&
    key !== undefined &&
    verify(
      'sha256',
      Buffer.from(`${head}.${claims}`),
      { key: createPublicKey({ key, format: 'jwk' }), dsaEncoding: 'ieee-p1363' },
      Buffer.from(signature, 'base64url'),
    )
  if (!good) throw new Error(`an ID token of the run does not verify (${alg})`)
}

/**
 * That every acknowledged token is a row of its own: at least as many as were answered, and no more than those plus what was
 * under way when the clock stopped, warm-up included.
 */
export function proveStored(before: number | undefined, after: number | undefined, { answered, sent }: Driven): void {
  if (before === undefined || after === undefined) return
  const stored = after - before
  if (stored < answered || stored > sent)
    throw new Error(`${answered} tokens were answered, ${sent} asked for, but ${stored} are stored`)
}
