import { html } from 'hono/html'
import { plainName } from '../kit/plain-name.ts'
import type { Site } from '../site.ts'
import type { App } from '../store/nouns/apps.ts'
import { messageMarkup } from './message-markup.ts'
import type { Markup } from './page.ts'
import type { PageContext } from './page-context.ts'

/**
 * The publisher of an app, for the line below its name: the directory that owns it, or the platform. For an app that neither of them
 * made, the line has only what we know: the host of its metadata document, or that the app registered itself.
 */
export async function appOriginLine(app: App, { t }: PageContext, site: Site): Promise<Markup> {
  if (app.origin === 'document')
    return messageMarkup(t, 'consent.publisher.document', { host: URL.parse(app.clientId)?.host ?? app.clientId })
  if (app.origin === 'registered') return html`${t('consent.publisher.registered')}`
  return messageMarkup(t, 'consent.publisher', { publisher: (await publisherOf(app, site))! })
}

/** Returns the name of who published an app: the directory that owns it, or the platform. Undefined for an app that introduced itself. */
export async function publisherOf(app: App, { store, config }: Site): Promise<string | undefined> {
  if (app.origin !== 'platform') return undefined
  const directory = app.directoryUid === null ? undefined : await store.directories.find(app.directoryUid)
  return directory ? plainName(directory.name) || directory.host : config.name
}
