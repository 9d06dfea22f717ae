import { html } from 'hono/html'
import type { Answer } from '../../http/reply.ts'
import type { App } from '../../store/nouns/apps.ts'
import { appName } from '../../ui/app-face.ts'
import { messageMarkup } from '../../ui/message-markup.ts'
import { page } from '../../ui/page.ts'
import type { PageContext } from '../../ui/page-context.ts'

/**
 * The page that opens a native app by its private scheme (RFC 8252 §7.1), and replaces the page that the person has just answered. The browser
 * stays on a page of ours when it opens another program. Some browsers open one only from a link that the person follows, so there is one.
 */
export function openAppPage(context: PageContext, app: App, url: string, isDenied: boolean): Answer {
  const { t } = context
  const name = { app: appName(app) }
  const title = t(isDenied ? 'openApp.denied' : 'openApp.title', name)
  return page(
    context,
    { title, refresh: url },
    html`<h1>${messageMarkup(t, isDenied ? 'openApp.denied' : 'openApp.title', name)}</h1>
<p class="lead">${messageMarkup(t, 'openApp.message', name)}</p>
<p class="actions"><a class="button primary" id="open-app" href="${url}"><span>${messageMarkup(t, 'openApp.submit', name)}</span></a></p>`,
  )
}
