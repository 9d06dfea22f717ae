import { once } from 'node:events'
import { createServer } from 'node:net'
import { Failure } from '../kit/exit.ts'

export interface Ports {
  server: number
  app: number
  api: number
}

/** The three ports that follow from the first: 7200, 7300 and 7400. */
export function portsFrom(text: string): Ports {
  const base = /^\d{1,5}$/.test(text) ? Number(text) : 0
  if (base < 1 || base > 65_335) {
    throw new Failure('usage', 'invalid', '--port must be a whole number from 1 to 65335.', { field: 'port' })
  }
  return { server: base, app: base + 100, api: base + 200 }
}

/** Refuses to begin unless all ports are free, so that nothing is left half started. */
export async function checkFree(ports: Ports, host: string): Promise<void> {
  const taken: number[] = []
  for (const port of Object.values(ports)) {
    const probe = createServer()
    try {
      await once(probe.listen(port, host), 'listening')
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error
      taken.push(port)
    }
    await new Promise((resolve) => probe.close(resolve))
  }
  if (taken.length === 0) return
  const [which, they] =
    taken.length === 1 ? [`Port ${taken[0]} is`, 'it'] : [`Ports ${taken.join(' and ')} are`, 'them']
  const sentence = `${which} in use. Stop whoever listens on ${they}, or move this one: \`npm run demo -- --port 8200\`.`
  throw new Failure('failed', 'port_in_use', sentence, { ports: taken })
}
