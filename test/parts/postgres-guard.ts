import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Socket } from 'node:net'
import type { Owner } from './postgres-programs.ts'

/** Sees to it that a server and its files end with us, even where we are killed. */
export interface Guard {
  /** From now on this is the process to end. */
  watch(server: ChildProcess): void
  end(): Promise<void>
}

/**
 * A shell that outlives us for a moment. It reads which process runs from a pipe; when the pipe closes, it ends that
 * process and removes `home`, and the memory segment that a killed server leaves (named in its lock file's seventh line).
 */
export function startGuard(owner: Owner, home: string): Guard {
  const shell = spawn('/bin/sh', ['-c', SCRIPT, home], {
    ...owner,
    cwd: '/',
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  const pipe = shell.stdin as Socket
  shell.unref()
  pipe.unref()
  return {
    watch(server) {
      pipe.write(`${server.pid}\n`)
      server.once('exit', () => pipe.writable && pipe.write('\n'))
    },
    async end() {
      if (!isAlive(shell)) return
      shell.ref()
      pipe.end()
      await once(shell, 'exit')
    },
  }
}

export function isAlive({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode === null && signalCode === null
}

const SCRIPT = `
  lock="$0/data/postmaster.pid"
  while read -r pid; do server=$pid; done
  if [ -n "$server" ]; then
    kill -QUIT "$server"
    kill -CONT "$server"
    tries=0
    while kill -0 "$server" && [ -e "$lock" ] && [ "$tries" -lt 200 ]; do
      sleep 0.05
      tries=$((tries + 1))
    done
  fi
  [ -e "$lock" ] && ipcrm -m "$(sed -n '7s/.* //p' "$lock")"
  rm -rf "$0"`
