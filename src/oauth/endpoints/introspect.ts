import type { Endpoint } from '../../endpoint.ts'
import type { Incoming } from '../../http/incoming.ts'
import { type Answer, json, jsonText } from '../../http/reply.ts'
import { tokenDigest } from '../../kit/digest.ts'
import type { Site } from '../../site.ts'
import type { PresentedToken } from '../../store/nouns/presented-tokens.ts'
import { describeToken } from '../checks/describe-token.ts'
import { type Introspector, needIntrospector } from '../client/introspector.ts'
import { authenticationMetadata, METHODS } from '../client/methods.ts'
import { oauthErrors } from '../errors/oauth-errors.ts'

export const introspectEndpoint: Endpoint = {
  path: '/oauth/introspect',
  methods: ['POST'],
  neverInUrl: ['token', 'token_type_hint', 'client_id', 'client_secret', 'client_assertion'],
  metadata: (_, at) => ({
    introspection_endpoint: at('/oauth/introspect'),
    // A public app proves nothing, and so learns nothing.
    ...authenticationMetadata(
      'introspection',
      METHODS.map(({ name }) => name),
    ),
  }),
  errors: oauthErrors,
  handle: introspect,
}

/**
 * Token introspection (RFC 7662 §2). Describes a token to the app it was given to and to the API it is for. To any other caller it is as
 * unknown as a token that never existed, at the cost of the same query.
 */
async function introspect(incoming: Incoming, site: Site): Promise<Answer> {
  const form = await incoming.form()
  const asker = await needIntrospector(incoming, form, site)
  const presented = form.need('token')
  // One look-up finds every kind, so the hint is read only to be refused when it was sent twice.
  form.get('token_type_hint')
  const digest = tokenDigest(presented)
  const token = await site.store.presentedTokens.findLive(digest, site.clock.now())
  if (!token || !concerns(token, asker, site)) return json(200, { active: false })
  if ('resource' in asker && token.kind === 'access') site.lastUsed.record(digest)
  return jsonText(200, describeToken(token, presented, site))
}

function concerns(token: PresentedToken, asker: Introspector, { config }: Site): boolean {
  if ('app' in asker) return token.chain.appUid === asker.app.uid
  const { identifier, directoryUid } = asker.resource
  const audience = identifier === config.issuer ? null : identifier
  if (token.kind === 'refresh' || token.audience !== audience) return false
  return directoryUid === null || directoryUid === (token.chain.principal?.directoryUid ?? token.chain.appDirectoryUid)
}
