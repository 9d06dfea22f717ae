#!/usr/bin/env node
import { existsSync } from 'node:fs'
import { enableCompileCache } from 'node:module'

// Compiled code is kept between starts; what is imported before this line is not.
enableCompileCache()
// Settings of this folder, where it has some; what the environment says already stays as it is.
if (existsSync('.env')) process.loadEnvFile()
const { run } = await import('../src/cli/run.ts')
process.exitCode = await run(process.argv.slice(2), process.env, {
  startPlainApp: async (settings) => (await import('../examples/plain-app/plain-app.ts')).startPlainApp(settings),
  startPlatformApi: async (settings) =>
    (await import('../examples/platform-api/platform-api.ts')).startPlatformApi(settings),
})
