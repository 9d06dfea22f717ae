import { existsSync } from 'node:fs'
import { enableCompileCache } from 'node:module'
import { fileURLToPath } from 'node:url'

// Compiled code is cached in a folder that only the owner of the installation can write, because Node runs what is in there.
enableCompileCache(fileURLToPath(new URL('../node_modules/.cache/behalf', import.meta.url)))
// Settings from .env in the current folder. Variables of the environment come first.
try {
  if (existsSync('.env')) process.loadEnvFile()
} catch (error) {
  process.stderr.write(`The file .env cannot be read: ${(error as Error).message}\n`)
  process.exit(3)
}
const { run } = await import('../src/cli/run.ts')
process.exitCode = await run(process.argv.slice(2), process.env, {
  startPlainApp: async (settings) => (await import('../examples/plain-app/plain-app.ts')).startPlainApp(settings),
  startPlatformApi: async (settings) =>
    (await import('../examples/platform-api/platform-api.ts')).startPlatformApi(settings),
})
