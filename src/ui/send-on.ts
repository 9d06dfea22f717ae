import { readFileSync } from 'node:fs'
import type { Incoming } from '../http/incoming.ts'
import { type Answer, asset } from '../http/reply.ts'
import { digest } from '../kit/digest.ts'

const script = readFileSync(new URL('./send-on.js', import.meta.url), 'utf8')

/** The path of the script that submits a page's form. The name contains a digest, so it changes with the script. */
export const sendOnUrl = `/assets/send-on-${digest(script).slice(0, 12)}.js`

/** The path in the table of routes, which matches every version: during a deployment, pages ask for each other's. */
export const SEND_ON_PATH = '/assets/send-on-:version.js'

/** Serves the script. Under the name of another version it is served too, but caches must not store it. */
export function serveSendOn(incoming: Incoming): Answer {
  const answer = asset(script, 'text/javascript; charset=utf-8')
  return incoming.pathname === sendOnUrl ? answer : answer.with({ 'cache-control': 'no-store' })
}
