import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, fsyncSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs'
import { createServer } from 'node:net'
import { cpus } from 'node:os'
import { join } from 'node:path'

/** The server has core 0 for itself, everything else shares core 1. */
export const serverCore = 0
export const loadCore = 1

/** Whether processes can be pinned here: Linux with `taskset` and at least two cores. */
export const canPin = cpus().length > 1 && spawnSync('taskset', ['-V']).status === 0

/** Moves this process, and what it will start, off the server's core. */
export function pinSelf(): void {
  if (canPin) spawnSync('taskset', ['-a', '-cp', String(loadCore), String(process.pid)])
}

/** Starts a Node program on one core, with an IPC channel and its complaints on our stderr. */
export function startPinned(core: number, args: string[], env: NodeJS.ProcessEnv = {}): ChildProcess {
  const command = [process.execPath, '--disable-warning=ExperimentalWarning', ...args]
  const [program, ...rest] = canPin ? ['taskset', '-c', String(core), ...command] : command
  return spawn(program!, rest, {
    // Not in the project's own folder, where a .env might lie.
    cwd: import.meta.dirname,
    env: { ...process.env, NODE_ENV: 'production', ...env },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
}

/** Asks a process to end and waits until it has; one that does not listen is killed. */
export async function stopProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = once(child, 'exit')
  child.kill('SIGTERM')
  const timer = setTimeout(() => child.kill('SIGKILL'), 10_000)
  await gone
  clearTimeout(timer)
}

/** A port nobody listens on at the moment. */
export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port } = probe.address() as { port: number }
  probe.close()
  await once(probe, 'close')
  return port
}

/** Resident memory of a process in MB, from /proc; 0 where there is none. */
export function residentMegabytes(pid: number): number {
  try {
    const kilobytes = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
    return Number(kilobytes ?? 0) / 1024
  } catch {
    return 0
  }
}

/** Seconds of processor time a process has used so far, all threads and the kernel's part included; 0 where there is no /proc. */
export function processorSeconds(pid: number): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return (Number(fields[11]) + Number(fields[12])) / 100
  } catch {
    return 0
  }
}

/** Samples a server's memory until asked for the highest value seen. */
export function watchMemory(pid: number): { highest(): number } {
  let most = residentMegabytes(pid)
  const look = () => {
    most = Math.max(most, residentMegabytes(pid))
  }
  const timer = setInterval(look, 100)
  return {
    highest() {
      clearInterval(timer)
      look()
      return most
    },
  }
}

/** Seconds that each core has been busy, or kept busy by the machine beneath, since it started; empty where there is no /proc. */
export function coreSeconds(): number[] {
  try {
    return readFileSync('/proc/stat', 'utf8')
      .split('\n')
      .filter((line) => /^cpu\d/.test(line))
      .map((line) => {
        const [user, nice, system, , , hard, soft, stolen] = line.split(/\s+/).slice(1).map(Number)
        return (user! + nice! + system! + hard! + soft! + stolen!) / 100
      })
  } catch {
    return []
  }
}

/** What one small append and its fsync cost in a folder, as a median: a value near zero means that nothing is really kept there. */
export function fsyncMicroseconds(folder: string): number {
  const file = join(folder, 'fsync')
  const descriptor = openSync(file, 'w')
  const page = Buffer.alloc(4096, 1)
  const times = Array.from({ length: 200 }, () => {
    const begun = performance.now()
    writeSync(descriptor, page)
    fsyncSync(descriptor)
    return (performance.now() - begun) * 1000
  })
  closeSync(descriptor)
  rmSync(file)
  return times.sort((a, b) => a - b)[100]!
}
