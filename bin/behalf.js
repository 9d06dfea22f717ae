#!/usr/bin/env node
import { existsSync } from 'node:fs'

// JavaScript that old versions of Node.js can read, so that they get this sentence and no stack.
const OLDEST = [24, 7]
const FLAGS = ['--max-semi-space-size=4', '--disable-warning=ExperimentalWarning']

const [major, minor] = process.versions.node.split('.').map(Number)
if (major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1])) {
  process.stderr.write(
    `Behalf needs Node.js ${OLDEST.join('.')} or later. This is ${process.version} (${process.execPath}).\n`,
  )
  process.exit(3)
}

// Started without options of Node, it becomes a process with its own: small memory, and no warning about node:sqlite on every command.
if (process.execArgv.length === 0 && !process.env.NODE_OPTIONS && process.platform !== 'win32')
  process.execve(process.execPath, [process.execPath, ...FLAGS, ...process.argv.slice(1)], process.env)

// In a checkout the source runs as it is. The package has compiled JavaScript, because Node strips no types below node_modules.
const isCheckout = existsSync(new URL('../src/', import.meta.url))
await import(isCheckout ? './program.ts' : '../dist/bin/program.js')
