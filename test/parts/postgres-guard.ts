import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Socket } from 'node:net'
import type { Owner } from './postgres-programs.ts'

/** Makes sure that a server and its files are removed with this process, even if it is killed. */
export interface Guard {
  /** Sets the process to end. */
  watch(server: ChildProcess): void
  end(): Promise<void>
}

/**
 * A shell that outlives this process for a moment. It reads from a pipe which process runs. When the pipe closes, it ends that
 * process and removes `home`, and the memory segment of a killed server (named in the seventh line of its lock file).
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
