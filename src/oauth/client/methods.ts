import type { Incoming } from '../../http/incoming.ts'
import type { Params } from '../../http/params.ts'
import { refusal as httpRefusal } from '../../http/refusals.ts'
import type { Refusal } from '../../kit/refusal.ts'
import type { App, ClientAuthMethod } from '../../store/nouns/apps.ts'
import { refusal, refuse } from '../errors/refusals.ts'
import { decodeAssertion } from './assertion.ts'
import type { ClientMethod, Presented } from './method.ts'
import { checkSameId, readBasic, secretBasic, secretPost } from './secret.ts'
import { privateKeyJwt, secretJwt } from './signed-assertion.ts'

/** A public app sends only its client id (RFC 6749 §2.1). PKCE protects its codes. */
export const none: ClientMethod = {
  name: 'none',
  failure: 'client.no-proof',
  read({ clientId }) {
    if (clientId === undefined) throw httpRefusal('parameter.missing', { parameter: 'client_id' })
    return { clientId }
  },
  prove: (_, { app }) => (app.public ? undefined : refusal(none.failure)),
}

/** A public app may also send its client id by HTTP Basic, with an empty secret (RFC 6749 §2.3.1). It proves as little as in the body. */
const noneByBasic: ClientMethod = {
  ...none,
  challenge: secretBasic.challenge!,
  read(presented) {
    const { clientId } = readBasic(presented.authorization!)!
    checkSameId(clientId, presented.clientId)
    return { clientId }
  },
}

/** The methods of confidential apps. */
export const METHODS: readonly ClientMethod[] = [secretBasic, secretPost, secretJwt, privateKeyJwt]

const CLIENT_METHODS = [...METHODS, none].map(({ name }) => name)
const CLIENT_ALGORITHMS = METHODS.flatMap(({ algorithms = [] }) => algorithms)

/** The metadata of client authentication at an endpoint (RFC 8414 §2). */
export function authenticationMetadata(
  endpoint: 'token' | 'introspection' | 'revocation',
  methods: readonly string[] = CLIENT_METHODS,
): Record<string, readonly string[]> {
  return {
    [`${endpoint}_endpoint_auth_methods_supported`]: methods,
    [`${endpoint}_endpoint_auth_signing_alg_values_supported`]: CLIENT_ALGORITHMS,
  }
}

export function readPresented(incoming: Incoming, form: Params): Presented {
  const inBody = {
    secret: form.get('client_secret'),
    assertion: form.has('client_assertion') || form.has('client_assertion_type') ? decodeAssertion(form) : undefined,
    clientId: form.get('client_id'),
  }
  const authorization = incoming.header('authorization')
  // HTTP libraries add a Bearer token to every request. Only Basic authenticates an app, so the body alone decides.
  const isInBody = Object.values(inBody).some((each) => each !== undefined)
  return { ...inBody, authorization: isInBody && !mayBeBasic(authorization) ? undefined : authorization }
}

/** A proxy may have joined two headers (`Bearer …, Basic …`). */
function mayBeBasic(authorization: string | undefined): boolean {
  return /(^|,[ \t]*)Basic( |$)/i.test(authorization ?? '')
}

/** Returns the method that a request uses, or `none` if it has only a client id. Refuses two at once (RFC 6749 §2.3). */
export function methodOf({ authorization, secret, assertion }: Presented): ClientMethod {
  const [method, another] = [
    ...(authorization === undefined ? [] : [readBasic(authorization)?.secret === '' ? noneByBasic : secretBasic]),
    ...(secret === undefined ? [] : [secretPost]),
    ...(assertion === undefined ? [] : [assertion.isSymmetric ? secretJwt : privateKeyJwt]),
  ]
  if (another) refuse('client.two-methods')
  return method ?? none
}

/** Returns why an app may not use this method, or undefined if it may. */
export function whyNotAllowed(app: App, method: ClientAuthMethod): Refusal | undefined {
  const allowed = allowedMethods(app)
  if (allowed.includes(method)) return undefined
  if (app.public) return refusal('client.is-public')
  // The method `none` refuses such an app itself, with a message that says how to authenticate.
  if (method === 'none' && !app.protocol.authMethod) return undefined
  return refusal('client.other-method', { methods: allowed.join(' or ') })
}

/**
 * Returns the method that the app registered (RFC 7591 §2). Without one, the app may send its secret in either way, and may sign with its
 * keys if it registered any.
 */
function allowedMethods({ public: isPublic, protocol, jwksUri }: App): readonly ClientAuthMethod[] {
  if (isPublic) return ['none']
  const { authMethod, jwks } = protocol
  if (authMethod) return [authMethod]
  const bySecret = ['client_secret_basic', 'client_secret_post'] as const
  return jwks || jwksUri !== null ? [...bySecret, 'private_key_jwt'] : bySecret
}
