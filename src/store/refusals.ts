import { defineRefusals } from '../kit/refusal.ts'

/** The database does not answer. Retry-After is 2 seconds, and the log contains the cause. */
const later = { status: 503, retryAfter: 2 } as const
const LOG = 'Read the cause in the log of the server, and check the database.'

export const storeRefusals = defineRefusals({
  'database.busy': { ...later, says: 'The database is busy. Nothing was changed; please try again.' },
  'database.migrating': {
    ...later,
    says: 'Another server is migrating the database.',
    fix: 'Wait until it has finished.',
  },
  'database.unwritable': {
    ...later,
    says: 'The database could not write. Nothing was changed; please try again.',
    fix: LOG,
  },
  'database.unreadable': { ...later, says: 'The database cannot be read right now. Please try again.', fix: LOG },
  'database.unreachable': { ...later, says: 'The database cannot be reached right now. Please try again.', fix: LOG },
  'database.unopened': {
    ...later,
    says: 'The database {name} cannot be opened.',
    fix: 'Check BEHALF_DATABASE_URL, and that the server can connect to the database and write to it.',
  },
  'database.old-schema': {
    ...later,
    says: 'The database has schema {found}, but this version needs {newest}. Run `behalf migrate`.',
  },
})

export const refusal: typeof storeRefusals.refusal = storeRefusals.refusal
