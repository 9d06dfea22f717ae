import { html } from 'hono/html'
import type { ImitatedName } from '../domain/apps/imitated-name.ts'
import { hasSharedScheme, isClaimed, returnsTo } from '../domain/apps/redirect-uri.ts'
import type { AuthorizationRequest } from '../domain/requests/authorization-request.ts'
import type { App } from '../store/nouns/apps.ts'
import { appName } from './app-face.ts'
import { messageMarkup } from './message-markup.ts'
import type { Markup } from './page.ts'
import type { PageContext } from './page-context.ts'

/** The `id` of the warning, for the `aria-describedby` of the button that it is about. */
export const WARNING_ID = 'caution'

/**
 * A warning for the person before they allow an app; undefined without one. The stronger form is for an app that introduced itself and has the
 * name of another, or whose code any program on the device can receive (RFC 8252 §8.6). An app with a secret needs none, because it authenticates
 * when it exchanges the code, unless its scheme has no owner: then any program can open the dialog in its name.
 */
export function appWarning(
  app: App,
  { redirectUri }: AuthorizationRequest,
  imitated: ImitatedName | undefined,
  { t, brand }: PageContext,
): Markup | undefined {
  const names = { app: appName(app), brand: brand.name }
  if (app.origin === 'platform')
    return (app.public && !isClaimed(redirectUri)) || hasSharedScheme(redirectUri)
      ? html`<p class="note" id="${WARNING_ID}">${messageMarkup(t, 'consent.unclaimed', { app: names.app })}</p>`
      : undefined
  const unchecked = isClaimed(redirectUri)
    ? messageMarkup(t, 'consent.unchecked', { brand: names.brand, host: returnsTo(redirectUri) })
    : messageMarkup(t, 'consent.onDevice', { brand: names.brand })
  const style = imitated || !isClaimed(redirectUri) ? 'problem' : 'note'
  return html`<div class="${style}" id="${WARNING_ID}">
${imitated ? html`<p>${messageMarkup(t, imitated.of === 'owner' ? 'consent.imitatesOwner' : 'consent.imitatesApp', { name: imitated.name })}</p>` : ''}
<p>${unchecked}</p>
</div>`
}
