import type { Site } from '../../site.ts'
import type { Credentials, FoundApp } from './method.ts'

/** Said of any secret that is not right, and of any app that does not exist. */
export const WRONG_SECRET = 'The client_id or client_secret is wrong.'

/** Whether the secret is a live one of the app was found out in the query that found the app; what is left is to note its use. */
export function findSecretFault({ secret }: Credentials, found: FoundApp, { lastUsed }: Site): string | undefined {
  if (secret === undefined || !found.secret) return WRONG_SECRET
  lastUsed.recordSecret(found.secret)
  return undefined
}
