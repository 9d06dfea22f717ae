import { defineRefusals } from '../kit/refusal.ts'

/** What a database that cannot answer is refused with. Retry-After is 2 seconds; the cause says more, to the log. */
const later = { status: 503, retryAfter: 2 } as const
const LOG = 'Read the cause in the log of the server, and look at the database.'

export const storeRefusals = defineRefusals({
  'database.busy': { ...later, says: 'The database is busy. Nothing was changed; please try again.' },
  'database.migrating': { ...later, says: 'Another server is busy with the database.', fix: 'Wait until it is done.' },
  'database.unwritable': {
    ...later,
    says: 'The database could not write. Nothing was changed; please try again.',
    fix: LOG,
  },
  'database.unreadable': { ...later, says: 'The database cannot be read at this moment. Please try again.', fix: LOG },
  'database.unreachable': {
    ...later,
    says: 'The database cannot be reached at this moment. Please try again.',
    fix: LOG,
  },
  'database.unopened': {
    ...later,
    says: 'The database {name} cannot be opened.',
    fix: 'Check BEHALF_DATABASE_URL, and that the server may reach the database and write to it.',
  },
  'database.old-schema': {
    ...later,
    says: 'The database has schema {found}, this version needs {newest}: run `behalf migrate`.',
  },
})

export const { refusal } = storeRefusals
