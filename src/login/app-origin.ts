import { isClaimed, returnsTo } from '../domain/apps/redirect-uri.ts'
import type { AuthorizationRequest } from '../domain/requests/authorization-request.ts'
import { plainName } from '../kit/plain-name.ts'
import type { Site } from '../site.ts'
import type { App } from '../store/nouns/apps.ts'
import type { Look } from '../ui/look.ts'
import { appName } from './app-face.ts'

/**
 * Who stands behind an app, in a line below its name: the directory that owns it, or the platform. Of one that nobody vouches for, only
 * what we know: the host that its document lies at, whatever it calls itself.
 */
export async function publisherLine(app: App, { say }: Look, { store, config }: Site): Promise<string> {
  if (app.origin === 'document')
    return say('consent.publisher.document', { host: URL.parse(app.clientId)?.host ?? app.clientId })
  if (app.origin === 'registered') return say('consent.publisher.registered')
  const directory = app.directoryUid === null ? undefined : await store.directories.find(app.directoryUid)
  return say('consent.publisher', {
    publisher: directory ? plainName(directory.name) || directory.host : config.name,
  })
}

/** What to be careful about, in one sentence, or nothing. An app that holds a secret proves itself at the exchange, wherever its code goes. */
export function caution(app: App, { redirectUri }: AuthorizationRequest, { say, brand }: Look): string | undefined {
  if (app.origin === 'platform') return app.public && !isClaimed(redirectUri) ? say('consent.unclaimed') : undefined
  const name = appName(app)
  // Any program of a device can listen at a port of it, and say any name.
  if (redirectUri.startsWith('http://')) return say('consent.onDevice', { app: name })
  if (!isClaimed(redirectUri)) return say('consent.unclaimed')
  return say('consent.unchecked', { app: name, brand: brand.name, host: returnsTo(redirectUri) })
}
