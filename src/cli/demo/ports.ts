import { once } from 'node:events'
import { createServer } from 'node:net'
import { Failure } from '../kit/exit.ts'
import { demoCommand } from '../kit/program-name.ts'

export interface Ports {
  server: number
  app: number
  api: number
}

/** The three ports, each 100 above the one before: 7200, 7300 and 7400. Throws a Failure when the first is invalid. */
export function portsFrom(text: string): Ports {
  const base = /^\d{1,5}$/.test(text) ? Number(text) : 0
  if (base < 1 || base > 65_335) {
    throw new Failure('usage', 'invalid', '--port must be a whole number from 1 to 65335.', { field: 'port' })
  }
  return { server: base, app: base + 100, api: base + 200 }
}

/** Throws a Failure unless all ports are free, so that the demo does not stop half started. */
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
  const inUse = taken.length === 1 ? `Port ${taken[0]} is in use` : `Ports ${taken.join(' and ')} are in use`
  const advice = `Stop the program that uses it, or choose other ports: \`${demoCommand('--port 8200')}\`.`
  throw new Failure('failed', 'port_in_use', `${inUse}. ${advice}`, { ports: taken })
}
