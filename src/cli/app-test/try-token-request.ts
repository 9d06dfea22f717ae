import { randomBytes } from 'node:crypto'
import { type Finding, ok, todo } from '../kit/findings.ts'
import { type Authentication, authentications } from './authentications.ts'
import { describeError, readAnswer } from './read-answer.ts'
import type { Walk } from './walk-flow.ts'

const NAME = 'Token request'
/** The error for the code that this test makes up, which comes after the authentication (RFC 6749 §5.2). */
const AUTHENTICATED = 'invalid_grant'

/** Asks for a token with a code that does not exist, by each method with which the app may authenticate. */
export async function tryTokenRequest(walk: Walk): Promise<Finding[]> {
  const { usable, advice } = authentications(walk)
  const findings: Finding[] = []
  for (const each of usable) findings.push(await tryMethod(each, walk))
  return [...findings, ...advice.map((each) => ok(NAME, `not tried: ${each}`))]
}

async function tryMethod({ method, create }: Authentication, { app, metadata, ask }: Walk): Promise<Finding> {
  const random = randomBytes(32).toString('hex')
  const form = { grant_type: 'authorization_code', code: random, redirect_uri: app.redirectUri, code_verifier: random }
  const { headers = {}, body } = await create()
  const response = await ask(metadata.token_endpoint!, {
    method: 'POST',
    headers,
    body: new URLSearchParams({ ...form, ...body }),
  })
  const answer = await readAnswer(response)
  if (answer.error === AUTHENTICATED) return ok(NAME, `the app is authenticated by ${method}`)
  const advice = 'Compare client id, credentials and method with those in the app. `behalf why` explains the reference.'
  return todo(NAME, `${method}: ${describeError(response, answer)}`, advice)
}
