import type { Answer } from '../http/reply.ts'
import { errorPage } from './error-page.ts'
import type { Look } from './look.ts'

/** Why a ticket leads no further. */
export type DeadEnd = 'unknown' | 'over' | 'other-browser'

/**
 * The page for a ticket that leads no further. `startAgain` is the app's own link to us, made anew from the request; where we still know
 * the request the person goes on from here, and where we do not, from the app.
 */
export function deadEndPage(look: Look, why: DeadEnd, reference: string, startAgain?: string): Answer {
  const { say } = look
  const said = {
    unknown: { status: 404, sentence: say('over.unknown') },
    over: { status: 410, sentence: say('over.finished') },
    'other-browser': { status: 403, sentence: say('over.otherBrowser') },
  }[why]
  const wayOut = startAgain === undefined ? undefined : { href: startAgain, label: say('over.again') }
  return errorPage(look, { ...said, heading: say('over.title'), reference, wayOut })
}
