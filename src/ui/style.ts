import { readFileSync } from 'node:fs'
import { brandSheet } from '../domain/businesses/brand-sheet.ts'
import type { Incoming } from '../http/incoming.ts'
import { type Answer, asset } from '../http/reply.ts'
import { digest } from '../kit/digest.ts'

/** The colour of pages that belong to no directory. */
const NEUTRAL = '#1d5b4f'

const sheet = brandSheet({ primary: NEUTRAL })! + readFileSync(new URL('./style.css', import.meta.url), 'utf8')

/** Where the stylesheet is: its name changes when it does. */
export const styleUrl = `/assets/style-${digest(sheet).slice(0, 12)}.css`

/** The path as the table of routes has it, with the name open: while servers are being replaced, pages ask for each other's. */
export const STYLE_PATH = '/assets/style-:version.css'

/** Serves the stylesheet. Under another version's name it is served as well, but not to be kept. */
export function serveStyle(incoming: Incoming): Answer {
  const answer = asset(sheet, 'text/css; charset=utf-8')
  return incoming.pathname === styleUrl ? answer : answer.with({ 'cache-control': 'no-store' })
}
