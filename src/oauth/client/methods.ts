import type { ClientMethod } from './method.ts'
import { none } from './none.ts'
import { privateKeyJwt } from './private-key-jwt.ts'
import { secretBasic } from './secret-basic.ts'
import { secretJwt } from './secret-jwt.ts'
import { secretPost } from './secret-post.ts'

/** The ways for an app to prove who it is. */
export const METHODS: readonly ClientMethod[] = [secretBasic, secretPost, secretJwt, privateKeyJwt]

/** All ways to say who one is, by the names that metadata uses (RFC 8414 §2). */
export const CLIENT_METHODS = [...METHODS, none].map(({ name }) => name)

/** What assertions may be signed with, for the same metadata. */
export const CLIENT_ALGORITHMS = METHODS.flatMap(({ algorithms = [] }) => algorithms)

/** What an endpoint tells of the ways to authenticate at it. */
export function authenticationMetadata(
  endpoint: 'token' | 'introspection' | 'revocation',
  methods: readonly string[] = CLIENT_METHODS,
): Record<string, readonly string[]> {
  return {
    [`${endpoint}_endpoint_auth_methods_supported`]: methods,
    [`${endpoint}_endpoint_auth_signing_alg_values_supported`]: CLIENT_ALGORITHMS,
  }
}
