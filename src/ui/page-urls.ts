/** The URLs of the pages and steps of a sign-in and a sign-out. Rooms redirect to each other by these. */
export const pageUrls = {
  /** `ticket` names the authorization request that is pending, if any. */
  signIn: (ticket?: string) => withQuery('/login', { ticket }),
  /** The sign-in page for a browser that has just been sent a cookie, to see whether it keeps it. */
  checkCookies: (ticket: string) => withQuery('/login', { ticket, cookies: 'sent' }),
  switchAccount: (ticket: string) => withQuery('/login', { ticket, switch: '1' }),
  chooseBusiness: (ticket?: string) => withQuery('/login/business', { ticket }),
  /** Continues with the account that is signed in. */
  continueAs: () => '/login/continue',
  /** Asks for another account. */
  leaveAccount: () => '/login/switch',
  /** `again` says what has changed since the dialog was shown before. */
  consent: (ticket?: string, again?: string) => withQuery('/login/consent', { ticket, again }),
  /** Decides the next step of the request. */
  resume: (ticket?: string) => withQuery('/oauth/resume', { ticket }),
  /** Takes the answer to the permission dialog. */
  answerConsent: () => '/oauth/consent',
  /** `query` is an authorization request, form-encoded. */
  authorize: (query = '') => (query === '' ? '/oauth/authorize' : `/oauth/authorize?${query}`),
  signedIn: () => '/signed-in',
  /** `request` is the sealed logout request of an app, if any. */
  signOut: (request?: string) => withQuery('/logout', { logout_request: request }),
  signedOut: (request?: string) => withQuery('/signed-out', { logout_request: request }),
}

/** Tickets and sealed requests need no escaping in a query. */
function withQuery(path: string, values: Record<string, string | undefined>): string {
  const query = Object.entries(values).flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${value}`]))
  return query.length === 0 ? path : `${path}?${query.join('&')}`
}
