/**
 * What a program that mounts Behalf imports from the package: read the settings, open the site, open the server that answers for it, and
 * start the background jobs. `startServer` does all of it on a port of its own.
 */
export { type Config, ConfigError, loadConfig } from './config/load.ts'
export { type RunningServer, startServer } from './main.ts'
export { type OwnParts, openSite } from './open-site.ts'
export { startJobs } from './ops/jobs.ts'
export { openServer, type Server } from './server.ts'
export type { Site } from './site.ts'
