import type { Holder } from '../store/rows.ts'

/**
 * Who acts, and for which business, in the platform's own claims. They say the same in the ID token and at userinfo; name and e-mail
 * are told only to an app that may see who the person is.
 */
export function holderClaims(holder: Holder, scopes: readonly string[]) {
  const claims: Record<string, string> = { sub: holder.staffUid, type: 'staff', role: holder.role }
  if (scopes.includes('openid') || scopes.includes('email')) claims.email = holder.email
  if (scopes.includes('openid') || scopes.includes('profile')) claims.name = holder.name
  claims.business_id = holder.businessUid
  claims.business_uid = holder.businessUid
  claims.business_name = holder.businessName
  claims.directory_uid = holder.directoryUid
  return claims
}
