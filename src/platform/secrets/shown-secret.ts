import type { LiveSecret } from '../../store/nouns/app-secrets.ts'

/** A secret as this API lists it: everything but the secret. */
export function shownSecret({ uid, name, createdAt, expiresAt, lastUsedAt }: LiveSecret): Record<string, unknown> {
  return { uid, name, created_at: createdAt, expires_at: expiresAt, last_used_at: lastUsedAt }
}
