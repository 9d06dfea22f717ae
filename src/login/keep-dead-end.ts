import { visitorKey } from '../http/address.ts'
import type { Incoming } from '../http/incoming.ts'
import { refusedRequest } from '../http/refused-request.ts'
import type { Answer } from '../http/reply.ts'
import type { Site } from '../site.ts'
import type { DeadEnd } from '../ui/dead-end.ts'

const SAID: Record<DeadEnd, { sentence: string; fix: string }> = {
  unknown: {
    sentence: 'The ticket stands for no request: it is too old, was mistyped, or its app was removed.',
    fix: 'Send the browser to the authorization URL again.',
  },
  over: {
    sentence: 'The request behind the ticket was answered, or it waited for too long.',
    fix: 'Send the browser to the authorization URL again.',
  },
  'other-browser': {
    sentence: 'The request was begun in another browser, or this browser does not keep our cookies.',
    fix: 'Begin and end in the same browser. Inside of an app open the system browser, and never load these pages in a frame.',
  },
}

/** Records for `behalf why` that a ticket could not be used. The request is answered with a page, not refused. */
export function keepDeadEnd(why: DeadEnd, clientId: string | undefined, incoming: Incoming, page: Answer, site: Site) {
  site.refusals.keep(visitorKey(incoming.address), () => ({
    ...refusedRequest(incoming),
    ...SAID[why],
    clientId,
    status: page.status,
    code: null,
    field: 'ticket',
    check: `ticket-${why}`,
  }))
  return page
}
