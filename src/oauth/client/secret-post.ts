import type { ClientMethod } from './method.ts'
import { findSecretFault, WRONG_SECRET } from './right-secret.ts'

/** Client id and secret in the body (RFC 6749 §2.3.1), as the platform's apps send them. */
export const secretPost: ClientMethod = {
  name: 'client_secret_post',
  failure: WRONG_SECRET,
  isUsed: (_, form) => form.get('client_secret') !== undefined,
  read: (_, form) => ({ clientId: form.need('client_id'), secret: form.need('client_secret') }),
  findFault: findSecretFault,
}
