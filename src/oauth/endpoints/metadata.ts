import type { Endpoint } from '../../endpoint.ts'
import { sharedJson } from '../../http/reply.ts'
import { oauthErrors } from '../errors/oauth-errors.ts'
import { openidMetadata } from '../metadata/openid.ts'
import { pagesMetadata } from '../metadata/pages.ts'

/** Metadata endpoint (RFC 8414 §3, OpenID Connect Discovery §4). Joins the metadata of these endpoints. */
export function metadataEndpoint(endpoints: readonly Endpoint[]): Endpoint {
  return {
    path: '/.well-known/openid-configuration',
    alsoAt: ['/.well-known/oauth-authorization-server'],
    methods: ['GET'],
    readableBy: 'any-origin',
    errors: oauthErrors,
    handle(_, site) {
      const { issuer } = site.config
      const described = endpoints.map(({ metadata, path }) => metadata?.(site, issuer + path))
      return sharedJson(Object.assign({ issuer }, ...described, openidMetadata, pagesMetadata(site)), 300)
    },
  }
}
