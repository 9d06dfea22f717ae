import { loadConfig, openServer, openSite, type Server, startJobs } from 'behalf'

/** Opens Behalf inside this program, with the settings of the environment. Call `close` after the last request was answered. */
export async function openBehalf(): Promise<{ behalf: Server; close(): Promise<void> }> {
  const site = await openSite(loadConfig(process.env))
  const stopJobs = startJobs(site)
  return {
    behalf: openServer(site),
    async close() {
      site.beginStop()
      await stopJobs()
      await site.close()
    },
  }
}
