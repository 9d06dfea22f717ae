import { defineRefusals } from '../kit/refusal.ts'

const AGAIN = 'Send the browser to the authorization URL again.'

/** Why a ticket cannot be used. The page has its own texts, so these are for `behalf why`. */
export const loginRefusals = defineRefusals({
  'ticket.unknown': {
    status: 404,
    parameter: 'ticket',
    says: 'No request belongs to the ticket: it is too old, was mistyped, or its app was removed.',
    fix: AGAIN,
  },
  'ticket.over': {
    status: 410,
    parameter: 'ticket',
    says: 'The request of the ticket was already answered, or it waited too long.',
    fix: AGAIN,
  },
  'ticket.other-browser': {
    status: 403,
    parameter: 'ticket',
    says: 'The request was started in another browser, or this browser deleted our cookies.',
    fix: 'Start and finish in the same browser. In an app, open the system browser.',
  },
  'ticket.no-cookies': {
    status: 403,
    parameter: 'ticket',
    says: 'The browser does not keep our cookies.',
    fix: 'Allow cookies for this host in the browser. In an app, open the system browser, and never load these pages in a frame.',
  },
})
