/**
 * Writes a text to standard output. A reader that stops early, such as `head`, ends nothing: the rest is not shown. Any other error, such as a full
 * disk, is one line on standard error and exit code 1.
 */
export function writeOut(text: string): void {
  if (process.stdout.listenerCount('error') === 0) process.stdout.on('error', onError)
  process.stdout.write(text)
}

function onError({ code, message }: NodeJS.ErrnoException): void {
  if (code === 'EPIPE') return
  process.stderr.write(`The output cannot be written: ${message}.\n`)
  process.once('exit', () => {
    process.exitCode = 1
  })
}
