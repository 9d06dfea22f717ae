/** The part of this library that the tests use. It ships no types. */
declare module 'simple-oauth2' {
  export class AuthorizationCode {
    constructor(options: {
      client: { id: string; secret: string }
      auth: { tokenHost: string; tokenPath?: string; authorizePath?: string }
      options?: { bodyFormat?: 'form' | 'json'; authorizationMethod?: 'header' | 'body' }
    })
    authorizeURL(parameters: { redirect_uri: string; scope?: string | string[]; state?: string }): string
    getToken(parameters: { code: string; redirect_uri: string }): Promise<AccessToken>
  }
  export interface AccessToken {
    token: Record<string, unknown>
    refresh(): Promise<AccessToken>
    revokeAll(): Promise<void>
  }
}
