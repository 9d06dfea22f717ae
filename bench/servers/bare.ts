import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Answers, type Contender, type Scenario, targetOf } from '../contender.ts'
import { freePort, serverCore, startPinned, stopProcess } from '../process.ts'

/** Bare `node:http`, repeating recorded answers. */
export function bare(answers: Answers, workFolder: string): Contender {
  const file = join(workFolder, 'answers.json')
  const program = join(import.meta.dirname, 'bare-process.ts')
  return {
    id: 'bare',
    label: 'bare `node:http`, the same bytes',
    scenarios: Object.keys(answers) as Scenario[],
    async start() {
      writeFileSync(file, JSON.stringify(answers))
      const port = await freePort()
      const begun = performance.now()
      const child = startPinned(serverCore, [program, String(port), file])
      await once(child, 'message')
      return {
        pid: child.pid!,
        port,
        readyAfter: performance.now() - begun,
        target: (scenario) =>
          targetOf(
            scenario,
            { token: `/${scenario}`, userinfo: '/userinfo', introspection: '/introspection' },
            { clientId: 'a'.repeat(64), clientSecret: 'b'.repeat(64) },
            'https://app.example.com/callback',
          ),
        supply: async () => undefined,
        works: async () => undefined,
        stop: () => stopProcess(child),
      }
    },
  }
}
