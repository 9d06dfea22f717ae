import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Failure } from '../kit/exit.ts'
import { FOLDER } from './kept.ts'

const FILE = join(FOLDER, 'running.pid')

/**
 * Refuses while another demo of this folder runs, because the two would share one database: the second would send the apps' answers to
 * its own ports, or delete what the first works on. Returns what gives the folder free again.
 */
export function lockFolder(): () => void {
  mkdirSync(FOLDER, { recursive: true, mode: 0o700 })
  const other = runningDemo()
  if (other !== undefined) {
    const sentence = `The demo of this folder is running already (process ${other}). Stop it first, with Ctrl-C where it runs.`
    throw new Failure('failed', 'running', sentence, { pid: other })
  }
  rmSync(FILE, { force: true })
  writeFileSync(FILE, `${process.pid}\n`, { mode: 0o600, flag: 'wx' })
  return () => rmSync(FILE, { force: true })
}

/** The process that the file names, where it still lives. */
function runningDemo(): number | undefined {
  let pid: number
  try {
    pid = Number(readFileSync(FILE, 'utf8'))
    if (!(pid > 0) || pid === process.pid) return undefined
    process.kill(pid, 0)
    return pid
  } catch (error) {
    // Somebody else's process cannot be signalled, but it is there.
    return (error as NodeJS.ErrnoException).code === 'EPERM' ? pid! : undefined
  }
}
