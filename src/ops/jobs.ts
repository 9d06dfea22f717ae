import { setTimeout as pause } from 'node:timers/promises'
import type { Config } from '../config/load.ts'
import { deliverDue } from '../domain/deliveries/deliver-due.ts'
import type { Site } from '../site.ts'
import { rotateKeys } from './rotate-keys.ts'
import { sweep } from './sweep.ts'

/** Work that the server does by itself. */
export interface Job {
  name: string
  everySeconds(config: Config): number
  /** Does what is due. Resolves to `true` when more may be due right now. Stops early when `signal` aborts. */
  run(site: Site, signal: AbortSignal): Promise<unknown>
  /** What the log says when a run throws. The next run tries again. */
  failed: string
}

/** Every background job. A server runs each of them in a loop of its own; several servers on one database may run the same job. */
export const JOBS: readonly Job[] = [
  {
    name: 'sweep',
    everySeconds: (config) => config.sweepInterval,
    async run(site, signal) {
      const rows = await sweep(site, signal)
      if (rows > 0) site.log.info({ rows }, 'swept')
    },
    failed: 'sweep failed',
  },
  {
    name: 'rotate-keys',
    everySeconds: (config) => config.sweepInterval,
    run: rotateKeys,
    failed: 'signing keys could not be rotated',
  },
  {
    // Only after an upgrade, and while older servers still write to the same database.
    name: 'fill-name-keys',
    everySeconds: () => 60,
    run: async ({ store }) => (await store.apps.fillNameKeys(500)) === 500,
    failed: 'keys of names could not be computed',
  },
  {
    // People expect a sign-out to take effect quickly. Each look is one short query.
    name: 'deliver',
    everySeconds: () => 2,
    run: async (site, signal) => (await deliverDue(site, signal)) > 0,
    failed: 'deliveries could not be sent',
  },
  {
    // Clocks of machines drift by less than a tenth of a second in this time.
    name: 'match-clock',
    everySeconds: () => 60,
    run: (site) => site.matchClock(),
    failed: 'the clock could not be compared with that of the database',
  },
  {
    name: 'write-last-used',
    everySeconds: () => 1,
    run: (site) => site.lastUsed.flush(),
    failed: 'last uses could not be recorded',
  },
  {
    name: 'write-refusals',
    everySeconds: () => 1,
    run: (site) => site.refusals.flush(),
    failed: 'refusals could not be kept',
  },
]

/** Runs jobs until the returned function is called. That function waits for the runs in progress. */
export function startJobs(site: Site, jobs: readonly Job[] = JOBS): () => Promise<void> {
  const stopping = new AbortController()
  const { signal } = stopping
  const loop = async ({ name, everySeconds, run, failed }: Job) => {
    const interval = everySeconds(site.config) * 1000
    // Servers that start together should not run the same job at the same moment.
    let rest = Math.random() * interval
    while (!signal.aborted) {
      await pause(rest, undefined, { ref: false, signal })
      try {
        rest = (await run(site, signal)) === true ? 0 : interval
      } catch (error) {
        site.log.warn({ err: error, job: name }, failed)
        rest = interval
      }
    }
  }
  // Only the pause rejects, when the jobs are stopped.
  const loops = jobs.map((job) => loop(job).catch(() => {}))
  return async () => {
    stopping.abort()
    await Promise.all(loops)
  }
}
