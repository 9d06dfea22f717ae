/** The successful token response (RFC 6749 §5.1, OpenID Connect Core §3.1.3.3); `expires_in` and `created_at` in seconds. */
export interface TokenResponse {
  access_token: string
  token_type: 'bearer'
  expires_in: number
  created_at: number
  /** Left out where the token allows nothing but to say which app asks. */
  scope?: string
  id_token?: string
  refresh_token?: string
}
