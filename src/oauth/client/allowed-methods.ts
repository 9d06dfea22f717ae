import type { App, ClientAuthMethod } from '../../store/nouns/apps.ts'

/** Why an app may not use this way to authenticate, or undefined when it may. */
export function findForeignMethod(app: App, method: ClientAuthMethod): string | undefined {
  const allowed = allowedMethods(app)
  if (allowed.includes(method)) return undefined
  if (app.public) return 'This app is public and has no secret: send client_id alone.'
  // Left to `none`, which says how it is done.
  if (method === 'none' && !app.protocol.authMethod) return undefined
  return `This app authenticates by ${allowed.join(' or ')}, and by nothing else.`
}

/**
 * The one way that was registered (RFC 7591 §2). An app of which none was registered sends its secret as it likes; and once it has
 * registered where its keys lie, it may also sign with them.
 */
function allowedMethods({ public: isPublic, protocol, jwksUri }: App): readonly ClientAuthMethod[] {
  if (isPublic) return ['none']
  const { authMethod, jwks } = protocol
  if (authMethod) return [authMethod]
  const bySecret = ['client_secret_basic', 'client_secret_post'] as const
  return jwks || jwksUri !== null ? [...bySecret, 'private_key_jwt'] : bySecret
}
