import { write, writeSync } from 'node:fs'

/** Where the lines of the log go. */
export interface LogOutput {
  write(line: string): void
  /** Writes what waits before the process ends. */
  flushSync(): void
}

/** In characters. When the disk or the reader is slower than the log, further lines are lost, so that the memory stays small. */
const MAX_WAITING_LENGTH = 4_194_304
const RETRY_MS = 100

/**
 * Writes the log to a file descriptor without waiting for it. A full disk or a closed pipe loses lines and nothing else: the next line tries
 * again, and the first that can be written says how many were lost.
 */
export function openLogOutput(fd: number): LogOutput {
  let waiting: string[] = []
  let waitingLength = 0
  let lost = 0
  let isWriting = false

  /** Takes all that waits, and what says how many lines were lost before. */
  const take = (): { bytes: Buffer; lines: number } => {
    const note = { level: 'warn', time: new Date().toISOString(), lines: lost, msg: 'log lines were lost' }
    const taken = {
      bytes: Buffer.from((lost > 0 ? `${JSON.stringify(note)}\n` : '') + waiting.join('')),
      lines: lost + waiting.length,
    }
    waiting = []
    waitingLength = 0
    lost = 0
    return taken
  }

  const next = (): void => {
    if (isWriting || waiting.length === 0) return
    const { bytes, lines } = take()
    isWriting = true
    const writeFrom = (start: number): void => {
      write(fd, bytes, start, (error, written) => {
        if (error?.code === 'EAGAIN') return void setTimeout(writeFrom, RETRY_MS, start)
        if (!error && start + written < bytes.length) return writeFrom(start + written)
        isWriting = false
        // Not tried again now, because a broken output would keep the server busy.
        if (error) lost += lines
        else next()
      })
    }
    writeFrom(0)
  }

  const flushSync = (): void => {
    if (waiting.length === 0) return
    const { bytes, lines } = take()
    try {
      for (let start = 0; start < bytes.length; ) start += writeSync(fd, bytes, start)
    } catch {
      lost += lines
    }
  }

  process.on('exit', flushSync)
  return {
    write(line) {
      if (waitingLength + line.length > MAX_WAITING_LENGTH) lost++
      else {
        waiting.push(line)
        waitingLength += line.length
      }
      next()
    },
    flushSync,
  }
}
