/**
 * The purpose that the permission dialog's form is marked for. It names everything the person was shown, so that a yes counts for
 * exactly that: after another sign-in, another choice of business or other scopes the form is worth nothing.
 */
export function consentPurpose(
  ticket: string,
  personUid: string,
  businessUid: string,
  scopes: readonly string[],
): string {
  return `consent ${ticket} ${personUid} ${businessUid} ${[...scopes].sort().join(' ')}`
}

/** The purpose of a form that can only say no, for pages where nobody has signed in yet. */
export function denyPurpose(ticket: string): string {
  return `consent ${ticket}`
}
