import { readFileSync } from 'node:fs'
import type { Incoming } from '../http/incoming.ts'
import { type Answer, asset } from '../http/reply.ts'
import { digest } from '../kit/digest.ts'

const script = readFileSync(new URL('./send-on.js', import.meta.url), 'utf8')

/** Where the script is that sends a page's form by itself: its name changes when it does. */
export const sendOnUrl = `/assets/send-on-${digest(script).slice(0, 12)}.js`

/** The path as the table of routes has it, with the name open, as for the stylesheet. */
export const SEND_ON_PATH = '/assets/send-on-:version.js'

/** Serves the script. Under another version's name it is served as well, but not to be kept. */
export function serveSendOn(incoming: Incoming): Answer {
  const answer = asset(script, 'text/javascript; charset=utf-8')
  return incoming.pathname === sendOnUrl ? answer : answer.with({ 'cache-control': 'no-store' })
}
