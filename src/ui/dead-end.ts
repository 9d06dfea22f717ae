import type { Incoming } from '../http/incoming.ts'
import type { Answer } from '../http/reply.ts'
import { errorPage } from './error-page.ts'
import { messageMarkup } from './message-markup.ts'
import type { PageContext } from './page-context.ts'

/** Why a ticket cannot be used. */
export type DeadEnd = 'unknown' | 'over' | 'other-browser' | 'no-cookies'

/**
 * The page for a ticket that cannot be used. `startAgain` is the authorization URL of the same request, if we still know the request; without
 * it the person has to start again from the app.
 */
export function deadEndPage(
  context: PageContext,
  why: DeadEnd,
  { reference, host }: Pick<Incoming, 'reference' | 'host'>,
  startAgain?: string,
): Answer {
  const { t } = context
  const heading = t(why === 'no-cookies' ? 'error.cookies.title' : 'over.title')
  const said = {
    unknown: { status: 404, message: t('over.unknown') },
    over: { status: 410, message: t(startAgain === undefined ? 'over.answered' : 'over.finished') },
    'other-browser': { status: 403, message: t('over.otherBrowser') },
    'no-cookies': { status: 403, message: messageMarkup(t, 'error.cookies.message', { host }) },
  }[why]
  const wayOut = startAgain === undefined ? undefined : { href: startAgain, label: t('over.again') }
  return errorPage(context, { ...said, heading, reference, wayOut })
}
