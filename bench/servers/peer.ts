import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { type Ask, type Contender, scenarios, type Told, targetOf } from '../contender.ts'
import { freePort, serverCore, startPinned, stopProcess } from '../process.ts'

/** oidc-provider, keeping everything in memory or everything durably in SQLite; it mints its own codes and tokens on request. */
export function peer(storage: 'memory' | 'sqlite', workFolder: string): Contender {
  const program = join(import.meta.dirname, 'peer-process.ts')
  const file = join(workFolder, 'peer.db')
  return {
    id: `peer-${storage}`,
    label: storage === 'memory' ? '`oidc-provider`, all in memory' : '`oidc-provider`, SQLite, every write fsynced',
    scenarios,
    async start() {
      for (const suffix of ['', '-wal', '-shm']) rmSync(file + suffix, { force: true })
      const port = await freePort()
      const begun = performance.now()
      const child = startPinned(serverCore, [program, String(port), storage === 'memory' ? 'map' : `sqlite:${file}`])
      await once(child, 'message')
      const readyAfter = performance.now() - begun

      const ask = async <T extends Told>(question: Ask): Promise<T> => {
        child.send(question)
        const [told] = await once(child, 'message')
        return told as T
      }

      return {
        pid: child.pid!,
        port,
        readyAfter,
        target: (scenario) =>
          targetOf(
            scenario,
            { token: '/token', userinfo: '/me', introspection: '/token/introspection' },
            { clientId: scenario === 'exchange-es256' ? 'bench-es256' : 'bench', clientSecret: 'a'.repeat(64) },
            'https://app.example.com/callback',
          ),
        supply: async (scenario, count) =>
          scenario === 'client-credentials'
            ? undefined
            : (await ask<{ minted: string[] }>({ ask: 'mint', scenario, count })).minted,
        works: async (token) => (await ask<{ works: boolean }>({ ask: 'works', token })).works,
        stop: () => stopProcess(child),
      }
    },
  }
}
