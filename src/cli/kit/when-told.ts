/** One Ctrl-C may arrive twice: from the terminal, and from npm that passes it on. */
const ECHO = 500

/** Resolves at the first SIGTERM or SIGINT. Whoever asks a second time means it: the process ends at once, with exit code 1. */
export function whenTold(): Promise<undefined> {
  return new Promise((resolve) => {
    let toldAt = 0
    const told = () => {
      if (toldAt > 0 && performance.now() - toldAt > ECHO) process.exit(1)
      toldAt ||= performance.now()
      resolve(undefined)
    }
    process.on('SIGTERM', told)
    process.on('SIGINT', told)
  })
}
