import { refuse } from '../errors/error.ts'

/** Says what is wrong with a signed statement (RFC 7521 §4.2.1). */
export function refuseAssertion(why: string): never {
  return refuse('invalid_client', `The app could not be authenticated: ${why}.`, { field: 'client_assertion' })
}
