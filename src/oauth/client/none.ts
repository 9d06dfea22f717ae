import type { ClientMethod } from './method.ts'

/** A public app says who it is and proves nothing (RFC 6749 §2.1); PKCE does the proving. Tried when nothing else is. */
export const none: ClientMethod = {
  name: 'none',
  isUsed: () => false,
  read: (_, form) => ({ clientId: form.need('client_id'), secret: undefined }),
}
