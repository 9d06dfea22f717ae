import { html } from 'hono/html'
import type { Logo } from '../domain/apps/logo.ts'
import { plainName } from '../kit/plain-name.ts'
import type { App } from '../store/nouns/apps.ts'
import type { Translate } from './messages/messages.ts'
import { monogram } from './monogram.ts'
import type { Markup } from './page.ts'

/** The app's name, cleaned for display. */
export function appName(app: App): string {
  return plainName(app.name) || app.codeName
}

/** The app's logo if it has one, else its monogram. The name is always beside it, so the image has an empty alternative text. */
export function appFace({ app, logo }: { app: App; logo: Logo | undefined }) {
  return logo
    ? html`<img class="app-logo" src="${logo.url}" alt="" width="56" height="56">`
    : monogram(appName(app), 'app')
}

/** Says that an app which introduced itself is not verified. Empty for other apps. */
export function unverifiedLine({ origin }: App, t: Translate): Markup | '' {
  return origin === 'platform' ? '' : html`<p class="small" id="unverified">${t('consent.publisher.registered')}</p>`
}
