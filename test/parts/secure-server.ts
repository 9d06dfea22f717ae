import { readFileSync } from 'node:fs'
import type { RequestListener } from 'node:http'
import { createServer } from 'node:https'
import { join } from 'node:path'
import { after } from 'node:test'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'

const read = (file: string) => readFileSync(join(import.meta.dirname, 'certificate', file), 'utf8')

/** An https server of another party on this machine. This process trusts its certificate, which is valid for `localhost`. */
export async function secureServer(answer: RequestListener): Promise<{ origin: string }> {
  const cert = read('certificate.pem')
  setDefaultCACertificates([...getCACertificates('default'), cert])
  const server = createServer({ key: read('key.pem'), cert }, answer)
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  after(() => {
    server.closeAllConnections()
    server.close()
  })
  return { origin: `https://localhost:${(server.address() as { port: number }).port}` }
}
