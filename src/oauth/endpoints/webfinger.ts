import type { Endpoint } from '../../endpoint.ts'
import { sharedJson } from '../../http/reply.ts'
import { oauthErrors } from '../errors/oauth-errors.ts'
import { refuse } from '../errors/refusals.ts'

const ISSUER_RELATION = 'http://openid.net/specs/connect/1.0/issuer'
const MAX_RESOURCE_LENGTH = 1000

/**
 * WebFinger endpoint (RFC 7033 §4, OpenID Connect Discovery §2). It names our issuer for every account. Nothing is looked up, so the answer
 * does not tell whether the account exists. `rel` selects links (RFC 7033 §4.3).
 */
export const webfingerEndpoint: Endpoint = {
  path: '/.well-known/webfinger',
  // It belongs to the host (RFC 7033 §4).
  atRoot: () => [webfingerEndpoint.path],
  methods: ['GET'],
  readableBy: 'any-origin',
  errors: oauthErrors,
  handle({ query }, { config }) {
    const resource = query.need('resource')
    // An absolute URI, such as acct:dana@example.com. Other text would only be repeated in the answer.
    if (resource.length > MAX_RESOURCE_LENGTH || !/^[a-z][a-z\d+.-]*:[\x21-\x7E]+$/i.test(resource))
      refuse('webfinger.resource', { most: MAX_RESOURCE_LENGTH })
    const relations = query.all('rel')
    const isWanted = relations.length === 0 || relations.includes(ISSUER_RELATION)
    const links = isWanted ? [{ rel: ISSUER_RELATION, href: config.issuer }] : []
    return sharedJson({ subject: resource, links }).with({ 'content-type': 'application/jrd+json' })
  },
}
