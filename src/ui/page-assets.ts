import type { Endpoint } from '../endpoint.ts'
import { asset } from '../http/reply.ts'
import { pageEndpoint } from './page-endpoint.ts'
import { script, sendOnUrl } from './send-on.ts'
import { showPasswordScript, showPasswordUrl } from './show-password.ts'
import { sheet, styleUrl } from './style.ts'

/** The stylesheet and the scripts of our own pages. */
export const pageAssets: readonly Endpoint[] = [
  versioned('/assets/style-:version.css', styleUrl, sheet, 'text/css; charset=utf-8'),
  versioned('/assets/send-on-:version.js', sendOnUrl, script, 'text/javascript; charset=utf-8'),
  versioned('/assets/show-password-:version.js', showPasswordUrl, showPasswordScript, 'text/javascript; charset=utf-8'),
]

/** Serves a file under every version, because pages of older servers ask for theirs during an update. Only the current one is cached. */
function versioned(path: string, url: string, body: string, type: string): Endpoint {
  const current = asset(body, type)
  const other = current.with({ 'cache-control': 'no-store' })
  return pageEndpoint('GET', path, ({ pathname }) => (pathname === url ? current : other))
}
