import type { Site } from '../../site.ts'
import type { Surroundings } from './command.ts'

/** Opens the site for one act and closes it again. What it has to log goes to standard error. */
export async function withSite<T>({ env }: Pick<Surroundings, 'env'>, work: (site: Site) => Promise<T>): Promise<T> {
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
