import { html } from 'hono/html'
import type { Logo } from '../domain/apps/logo.ts'
import { plainName } from '../kit/plain-name.ts'
import type { App } from '../store/nouns/apps.ts'
import { monogram } from './monogram.ts'

/** The app's name, fit to be shown to people. */
export function appName(app: App): string {
  return plainName(app.name) || app.codeName
}

/** Its logo, where we hold one ourselves, else its monogram. The name always stands beside it, so it says nothing by itself. */
export function appFace({ app, logo }: { app: App; logo: Logo | undefined }) {
  return logo
    ? html`<img class="app-logo" src="${logo.url}" alt="" width="56" height="56">`
    : monogram(appName(app), 'app')
}
