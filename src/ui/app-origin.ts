import { html } from 'hono/html'
import { isClaimed, returnsTo } from '../domain/apps/redirect-uri.ts'
import type { AuthorizationRequest } from '../domain/requests/authorization-request.ts'
import { plainName } from '../kit/plain-name.ts'
import type { Site } from '../site.ts'
import type { App } from '../store/nouns/apps.ts'
import { appName } from './app-face.ts'
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

/** A warning for the person, or undefined. An app with a secret needs none: it authenticates when it exchanges the code. */
export function caution(
  app: App,
  { redirectUri }: AuthorizationRequest,
  { t, brand }: PageContext,
): Markup | undefined {
  const unclaimed = html`${t('consent.unclaimed')}`
  if (app.origin === 'platform') return app.public && !isClaimed(redirectUri) ? unclaimed : undefined
  const name = appName(app)
  // Any program on a device can listen on one of its ports and claim any name.
  if (redirectUri.startsWith('http://')) return messageMarkup(t, 'consent.onDevice', { app: name })
  if (!isClaimed(redirectUri)) return unclaimed
  return messageMarkup(t, 'consent.unchecked', { app: name, brand: brand.name, host: returnsTo(redirectUri) })
}
