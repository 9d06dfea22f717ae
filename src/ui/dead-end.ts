import type { Incoming } from '../http/incoming.ts'
import type { Answer } from '../http/reply.ts'
import type { App } from '../store/nouns/apps.ts'
import { appName } from './app-face.ts'
import { errorPage } from './error-page.ts'
import { messageMarkup } from './message-markup.ts'
import type { PageContext } from './page-context.ts'

/** Why a ticket cannot be used. */
export type DeadEnd = 'unknown' | 'over' | 'other-browser' | 'no-cookies'

/**
 * The page for a ticket that cannot be used. `app` is the app of the request, if this browser may know it, and `startAgain` the authorization URL
 * of the same request; without it the person has to start again from the app.
 */
export function deadEndPage(
  context: PageContext,
  why: DeadEnd,
  { reference, host }: Pick<Incoming, 'reference' | 'host'>,
  { app, startAgain }: { app?: App | undefined; startAgain?: string | undefined } = {},
): Answer {
  const { t } = context
  const name = app ? appName(app) : ''
  const heading = t(why === 'no-cookies' ? 'error.cookies.title' : 'over.title')
  const said = {
    unknown: { status: 404, message: t('over.unknown') },
    over: {
      status: 410,
      message: messageMarkup(t, startAgain === undefined ? 'over.answered' : 'over.finished', { app: name }),
    },
    'other-browser': { status: 403, message: t('over.otherBrowser') },
    'no-cookies': { status: 403, message: messageMarkup(t, 'error.cookies.message', { host }) },
  }[why]
  const wayOut = startAgain === undefined ? undefined : { href: startAgain, label: t('over.again') }
  return errorPage(context, { ...said, heading, reference, wayOut })
}
