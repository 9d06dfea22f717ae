import { authorizeMetadata } from '../endpoints/authorize.ts'
import { endSessionMetadata } from '../endpoints/end-session.ts'
import { introspectMetadata } from '../endpoints/introspect.ts'
import { jwksMetadata } from '../endpoints/jwks.ts'
import { parMetadata } from '../endpoints/par.ts'
import { registerMetadata } from '../endpoints/register.ts'
import { revokeMetadata } from '../endpoints/revoke.ts'
import { tokenMetadata } from '../endpoints/token.ts'
import { userinfoMetadata } from '../endpoints/userinfo.ts'
import type { Fragment } from './fragment.ts'
import { openidMetadata } from './openid.ts'
import { pagesMetadata } from './pages.ts'

/** Every part that tells clients something of itself, one line each. No two of them tell the same. */
export const FRAGMENTS: readonly Fragment[] = [
  authorizeMetadata,
  parMetadata,
  tokenMetadata,
  registerMetadata,
  revokeMetadata,
  introspectMetadata,
  userinfoMetadata,
  jwksMetadata,
  openidMetadata,
  endSessionMetadata,
  pagesMetadata,
]
