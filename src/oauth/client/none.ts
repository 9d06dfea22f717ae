import type { ClientMethod } from './method.ts'

/** A public app says who it is and proves nothing (RFC 6749 §2.1); PKCE does the proving. Tried when nothing else is. */
export const none: ClientMethod = {
  name: 'none',
  failure: 'The app did not authenticate: send its client_secret, in the body or by HTTP Basic.',
  isUsed: () => false,
  read: (_, form) => ({ clientId: form.need('client_id') }),
  findFault: (_, { app }) => (app.public ? undefined : none.failure),
}
