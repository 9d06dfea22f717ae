#!/usr/bin/env node
import { existsSync } from 'node:fs'
import { enableCompileCache } from 'node:module'
import { fileURLToPath } from 'node:url'

// Compiled code is kept between starts, in a folder that only whoever installed this can write: Node runs what it finds there.
enableCompileCache(fileURLToPath(new URL('../node_modules/.cache/behalf', import.meta.url)))
// Settings of this folder, where it has some; what the environment says already stays as it is.
if (existsSync('.env')) process.loadEnvFile()
const { run } = await import('../src/cli/run.ts')
process.exitCode = await run(process.argv.slice(2), process.env, {
  startPlainApp: async (settings) => (await import('../examples/plain-app/plain-app.ts')).startPlainApp(settings),
  startPlatformApi: async (settings) =>
    (await import('../examples/platform-api/platform-api.ts')).startPlatformApi(settings),
})
