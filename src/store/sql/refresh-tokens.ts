import type { Step } from '../db.ts'
import type { RefreshToken } from '../refresh-tokens.ts'
import { insert, json } from './columns.ts'

export function refreshTokenStep(token: RefreshToken): Step {
  return insert('refresh_tokens', {
    digest: token.digest,
    chain_uid: token.chainUid,
    scopes: json(token.scopes),
    auth_time: token.authTime,
    facts: json(token.facts),
    created_at: token.createdAt,
    idle_expires_at: token.idleExpiresAt,
    expires_at: token.expiresAt,
  })
}
