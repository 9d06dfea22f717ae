import type { Principal } from '../../store/nouns/chains.ts'
import type { ApprovalContext } from '../../store/nouns/codes.ts'

/** What a person approved, with everything that its tokens contain. */
export interface Approval {
  chainUid: string
  scopes: readonly string[]
  principal: Principal
  nonce: string | null
  /** When the person signed in, in seconds since the epoch. */
  authTime: number
  context: ApprovalContext
  /** The key that its tokens are bound to, as the JSON of a `cnf` claim (RFC 7800 §3.1); null for bearer tokens. */
  cnf: string | null
}
