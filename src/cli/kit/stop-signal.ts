/** One Ctrl-C may arrive twice: from the terminal, and from npm, which passes it on. */
const ECHO_MS = 500

/** Resolves at the first SIGTERM or SIGINT. A second signal ends the process at once, with exit code 1. */
export function stopSignal(): Promise<undefined> {
  return new Promise((resolve) => {
    let firstAt = 0
    const stop = () => {
      if (firstAt > 0 && performance.now() - firstAt > ECHO_MS) process.exit(1)
      firstAt ||= performance.now()
      resolve(undefined)
    }
    process.on('SIGTERM', stop)
    process.on('SIGINT', stop)
  })
}
