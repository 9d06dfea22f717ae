/** One Ctrl-C may arrive twice: from the terminal, and from npm, which passes it on. */
const ECHO_MS = 500

/** Resolves at the first SIGTERM, SIGINT or SIGHUP, which comes when the terminal closes. A second signal ends the process at once, with exit code 1. */
export function stopSignal(): Promise<undefined> {
  return new Promise((resolve) => {
    let firstAt = 0
    const stop = () => {
      if (firstAt > 0 && performance.now() - firstAt > ECHO_MS) process.exit(1)
      firstAt ||= performance.now()
      resolve(undefined)
    }
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, stop)
  })
}
