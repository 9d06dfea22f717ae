import type { Site } from '../../site.ts'
import type { Surroundings } from './command.ts'

/** Opens the site for one piece of work and closes it again. Logs to standard error, from level `warn`. */
export async function withSite<T>({ env }: Pick<Surroundings, 'env'>, work: (site: Site) => Promise<T>): Promise<T> {
  // Loaded here, so that `--help` and usage errors are answered without the rest of the program.
  const [{ loadConfig }, { openSite }, { openLog }] = await Promise.all([
    import('../../config/load.ts'),
    import('../../open-site.ts'),
    import('../../kit/log.ts'),
  ])
  const site = await openSite(loadConfig(env), { log: openLog('warn', process.stderr) })
  try {
    return await work(site)
  } finally {
    await site.close()
  }
}
