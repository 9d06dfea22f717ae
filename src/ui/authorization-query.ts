import type { AuthorizationRequest } from '../domain/requests/authorization-request.ts'

/** Returns the query of the authorization URL that starts this request again. */
export function authorizationQuery(request: AuthorizationRequest): string {
  const query = new URLSearchParams({ client_id: request.clientId, response_type: 'code' })
  if (request.redirectUriSent) query.set('redirect_uri', request.redirectUri)
  query.set('scope', request.scopes.join(' '))
  const optional = {
    state: request.state,
    nonce: request.nonce,
    code_challenge: request.codeChallenge,
    code_challenge_method: request.codeChallenge && 'S256',
    prompt: request.prompt.join(' ') || null,
    max_age: request.maxAge === null ? null : String(request.maxAge),
    claims: request.claims && JSON.stringify(request.claims),
    acr_values: request.acrValues.join(' ') || null,
    display: request.display,
    login_hint: request.loginHint,
    ui_locales: request.locales.join(' ') || null,
    business_uid: request.businessUid,
    response_mode: request.responseMode === 'query' ? null : request.responseMode,
    logout: request.freshLogin && !request.prompt.includes('login') ? 'true' : null,
  }
  for (const [name, value] of Object.entries(optional)) if (value) query.set(name, value)
  for (const resource of request.resources) query.append('resource', resource)
  return query.toString()
}
