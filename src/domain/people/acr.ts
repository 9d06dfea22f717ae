/** How firmly a person proved who they are (`acr`, OpenID Connect Core §2): by one thing, or by two that differ in kind. */
export const ONE_FACTOR = 'urn:behalf:acr:one-factor'
export const TWO_FACTOR = 'urn:behalf:acr:two-factor'

/** Those that a sign-in here can reach. */
export const ACR_VALUES: readonly string[] = [ONE_FACTOR]

/** What a session's methods come to: a sign-in by two factors has `mfa` among them (RFC 8176 §2). */
export function acrOf(methods: readonly string[]): string {
  return methods.includes('mfa') ? TWO_FACTOR : ONE_FACTOR
}
