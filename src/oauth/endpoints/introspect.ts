import type { Endpoint } from '../../endpoint.ts'
import { json, jsonText } from '../../http/reply.ts'
import { tokenDigest } from '../../kit/digest.ts'
import { isSameUri } from '../../kit/uri-key.ts'
import type { Site } from '../../site.ts'
import type { PresentedToken } from '../../store/nouns/presented-tokens.ts'
import { describeToken } from '../checks/describe-token.ts'
import { type Introspector, needIntrospector } from '../client/introspector.ts'
import { authenticationMetadata, METHODS } from '../client/methods.ts'
import { oauthErrors } from '../errors/oauth-errors.ts'

/**
 * Introspection endpoint (RFC 7662 §2). Describes a token to the app that got it and to the API that it is for. Any other caller gets the
 * answer for an unknown token, at the cost of the same query.
 */
export const introspectEndpoint: Endpoint = {
  path: '/oauth/introspect',
  methods: ['POST'],
  neverInUrl: ['token', 'token_type_hint', 'client_id', 'client_secret', 'client_assertion'],
  metadata: (_, url) => ({
    introspection_endpoint: url,
    // A public app cannot authenticate, so it cannot introspect.
    ...authenticationMetadata(
      'introspection',
      METHODS.map(({ name }) => name),
    ),
  }),
  errors: oauthErrors,
  async handle(incoming, site) {
    const form = await incoming.form()
    const caller = await needIntrospector(incoming, form, site)
    const presented = form.need('token')
    // The hint is read only to refuse it if it was sent twice: one query finds every kind of token.
    form.get('token_type_hint')
    const digest = tokenDigest(presented)
    const token = await site.store.presentedTokens.findLive(digest, site.clock.now())
    if (!token || !mayIntrospect(caller, token, site)) return json(200, { active: false })
    if ('resource' in caller && token.kind === 'access') site.lastUsed.record(digest)
    return jsonText(200, describeToken(token, presented, site))
  },
}

function mayIntrospect(caller: Introspector, token: PresentedToken, { config }: Site): boolean {
  if ('app' in caller) return token.chain.appUid === caller.app.uid
  const { identifier, directoryUid } = caller.resource
  // The token has the identifier as it was registered when the token was issued.
  if (token.kind === 'refresh' || !isSameUri(token.audience ?? config.issuer, identifier)) return false
  return directoryUid === null || directoryUid === (token.chain.principal?.directoryUid ?? token.chain.appDirectoryUid)
}
