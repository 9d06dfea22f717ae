import { defineRefusals } from '../kit/refusal.ts'

const AGAIN = 'Send the browser to the authorization URL again.'

/** Why a ticket leads no further. The page says it in its own words, so these are for `behalf why`. */
export const loginRefusals = defineRefusals({
  'ticket.unknown': {
    status: 404,
    parameter: 'ticket',
    says: 'The ticket stands for no request: it is too old, was mistyped, or its app was removed.',
    fix: AGAIN,
  },
  'ticket.over': {
    status: 410,
    parameter: 'ticket',
    says: 'The request behind the ticket was answered, or it waited for too long.',
    fix: AGAIN,
  },
  'ticket.other-browser': {
    status: 403,
    parameter: 'ticket',
    says: 'The request was begun in another browser, or this browser does not keep our cookies.',
    fix: 'Begin and end in the same browser. Inside of an app open the system browser, and never load these pages in a frame.',
  },
})
