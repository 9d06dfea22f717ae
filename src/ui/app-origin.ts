import { isClaimed, returnsTo } from '../domain/apps/redirect-uri.ts'
import type { AuthorizationRequest } from '../domain/requests/authorization-request.ts'
import { plainName } from '../kit/plain-name.ts'
import type { Site } from '../site.ts'
import type { App } from '../store/nouns/apps.ts'
import { appName } from './app-face.ts'
import type { PageContext } from './page-context.ts'

/**
 * Who stands behind an app, in a line below its name: the directory that owns it, or the platform. Of one that nobody vouches for, only
 * what we know: the host that its document lies at, whatever it calls itself.
 */
export async function publisherLine(app: App, { t }: PageContext, { store, config }: Site): Promise<string> {
  if (app.origin === 'document')
    return t('consent.publisher.document', { host: URL.parse(app.clientId)?.host ?? app.clientId })
  if (app.origin === 'registered') return t('consent.publisher.registered')
  const directory = app.directoryUid === null ? undefined : await store.directories.find(app.directoryUid)
  return t('consent.publisher', {
    publisher: directory ? plainName(directory.name) || directory.host : config.name,
  })
}

/** What to be careful about, in one sentence, or nothing. An app that holds a secret proves itself at the exchange, wherever its code goes. */
export function caution(
  app: App,
  { redirectUri }: AuthorizationRequest,
  { t, brand }: PageContext,
): string | undefined {
  if (app.origin === 'platform') return app.public && !isClaimed(redirectUri) ? t('consent.unclaimed') : undefined
  const name = appName(app)
  // Any program of a device can listen at a port of it, and say any name.
  if (redirectUri.startsWith('http://')) return t('consent.onDevice', { app: name })
  if (!isClaimed(redirectUri)) return t('consent.unclaimed')
  return t('consent.unchecked', { app: name, brand: brand.name, host: returnsTo(redirectUri) })
}
