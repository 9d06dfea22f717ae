import { html } from 'hono/html'
import { returnsTo } from '../../domain/apps/redirect-uri.ts'
import type { Answer } from '../../http/reply.ts'
import { messageMarkup } from '../../ui/message-markup.ts'
import { page } from '../../ui/page.ts'
import type { PageContext } from '../../ui/page-context.ts'
import { sendOnUrl } from '../../ui/send-on.ts'

/**
 * The page that posts the authorization response to the app (OAuth 2.0 Form Post Response Mode §2). A script submits the form; without
 * scripts, the person presses its button.
 */
export function formPostPage(
  context: PageContext,
  redirectUri: string,
  answer: Readonly<Record<string, string>>,
): Answer {
  const { t } = context
  const title = t('sendOn.title')
  const fields = Object.entries(answer)
  return page(
    context,
    { title, script: sendOnUrl },
    html`<h1>${title}</h1>
<p class="lead">${messageMarkup(t, 'sendOn.message', { place: returnsTo(redirectUri) })}</p>
<form method="post" action="${redirectUri}" accept-charset="utf-8" class="actions">
${fields.map(
  ([name, value]) => html`<input type="hidden" name="${name}" value="${value}">
`,
)}<button class="button primary" id="send-on" type="submit">${t('sendOn.submit')}</button>
</form>`,
  )
}
