import type { Answer } from '../http/reply.ts'
import { errorPage } from './error-page.ts'
import type { PageContext } from './page-context.ts'

/** Why a ticket leads no further. */
export type DeadEnd = 'unknown' | 'over' | 'other-browser'

/**
 * The page for a ticket that leads no further. `startAgain` is the app's own link to us, made anew from the request; where we still know
 * the request the person goes on from here, and where we do not, from the app.
 */
export function deadEndPage(context: PageContext, why: DeadEnd, reference: string, startAgain?: string): Answer {
  const { t } = context
  const said = {
    unknown: { status: 404, sentence: t('over.unknown') },
    over: { status: 410, sentence: t('over.finished') },
    'other-browser': { status: 403, sentence: t('over.otherBrowser') },
  }[why]
  const wayOut = startAgain === undefined ? undefined : { href: startAgain, label: t('over.again') }
  return errorPage(context, { ...said, heading: t('over.title'), reference, wayOut })
}
