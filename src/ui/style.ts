import { readFileSync } from 'node:fs'
import { brandSheet } from '../domain/businesses/brand-sheet.ts'
import type { Incoming } from '../http/incoming.ts'
import { type Answer, asset } from '../http/reply.ts'
import { digest } from '../kit/digest.ts'

/** The primary colour of pages that belong to no directory. */
const NEUTRAL = '#1d5b4f'

const sheet = brandSheet({ primary: NEUTRAL })! + readFileSync(new URL('./style.css', import.meta.url), 'utf8')

/** The path of the stylesheet. The name contains a digest, so it changes with the stylesheet. */
export const styleUrl = `/assets/style-${digest(sheet).slice(0, 12)}.css`

/** The path in the table of routes, which matches every version: during a deployment, pages ask for each other's. */
export const STYLE_PATH = '/assets/style-:version.css'

/** Serves the stylesheet. Under the name of another version it is served too, but caches must not store it. */
export function serveStyle(incoming: Incoming): Answer {
  const answer = asset(sheet, 'text/css; charset=utf-8')
  return incoming.pathname === styleUrl ? answer : answer.with({ 'cache-control': 'no-store' })
}
