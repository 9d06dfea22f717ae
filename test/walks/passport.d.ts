/** The part of these libraries that the tests use. They ship no types. */
declare module 'passport-oauth2' {
  type Verify = (
    accessToken: string,
    refreshToken: string | undefined,
    params: Record<string, unknown>,
    profile: unknown,
    done: (error: unknown, user: unknown) => void,
  ) => void
  export default class OAuth2Strategy {
    constructor(options: Record<string, unknown>, verify: Verify)
    name: string
    authenticate(request: unknown, options?: Record<string, unknown>): void
  }
}
