import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'

export interface PageSettings {
  port: number
  host: string
  /** The URL of Behalf. */
  authorizationServer: string
  /** A public app whose redirect URI is this server's address with `/`. */
  clientId: string
}

const FILES: Record<string, { file: string; type: string }> = {
  '/': { file: 'index.html', type: 'text/html; charset=utf-8' },
  '/app.js': { file: 'app.js', type: 'text/javascript; charset=utf-8' },
  '/style.css': { file: 'style.css', type: 'text/css; charset=utf-8' },
}

/** Serves the three files of the app and its settings. Everything else happens in the browser. */
export async function startSinglePageApp({ port, host, authorizationServer, clientId }: PageSettings) {
  const headers = {
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    // Nothing but this app's own files runs here, and it talks only to the authorization server.
    'content-security-policy': `default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self' ${authorizationServer}; frame-ancestors 'none'; base-uri 'none'`,
  }
  const server = createServer((request, response) => {
    const path = (request.url ?? '/').split('?')[0]!
    const known = FILES[path]
    if (known) {
      response.writeHead(200, { ...headers, 'content-type': known.type })
      response.end(readFileSync(join(import.meta.dirname, known.file)))
    } else if (path === '/settings.json') {
      response.writeHead(200, { ...headers, 'content-type': 'application/json' })
      response.end(JSON.stringify({ authorizationServer, clientId }))
    } else {
      response.writeHead(404, headers)
      response.end()
    }
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, host, resolve)
  })
  const address = server.address() as { port: number }
  return {
    port: address.port,
    stop: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
