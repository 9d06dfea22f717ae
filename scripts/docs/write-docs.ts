import { writeFile } from 'node:fs/promises'
import { settingsPage } from './app-settings-page.ts'
import { configurationPage } from './configuration-page.ts'
import { errorsPage } from './errors-page.ts'
import { eventsPage } from './events-page.ts'
import { profilesPage } from './profiles-page.ts'

/** `npm run docs`: writes the pages that are made from tables in the code. A test says when they are stale. */
await writeFile(new URL('../../docs/configuration.md', import.meta.url), configurationPage())
await writeFile(new URL('../../docs/app-settings.md', import.meta.url), settingsPage())
await writeFile(new URL('../../docs/app-profiles.md', import.meta.url), profilesPage())
await writeFile(new URL('../../docs/errors.md', import.meta.url), errorsPage())
await writeFile(new URL('../../docs/events.md', import.meta.url), eventsPage())
