import { clientIdOf } from '../../domain/tokens/resource.ts'
import type { Refusal } from '../../kit/refusal.ts'
import type { ResourceServer } from '../../store/nouns/resources.ts'
import { refusal } from '../refusals.ts'

/** A resource server as this API shows it. Its secret is told once, when it is made. */
export function resource(shown: ResourceServer, secret?: string | null): Record<string, unknown> {
  return {
    uid: shown.uid,
    identifier: shown.identifier,
    name: shown.name,
    directory_uid: shown.directoryUid,
    scopes: shown.scopes,
    token_format: shown.tokenFormat,
    token_lifetime: shown.tokenLifetime,
    introspection: shown.secretDigest !== null,
    client_id: shown.secretDigest === null ? null : clientIdOf(shown),
    ...(secret === undefined ? {} : { client_secret: secret }),
    created_at: shown.createdAt,
  }
}

/** A resource server of another directory is as absent as one that never was. */
export function noSuchResource(): Refusal {
  return refusal('resource.unknown')
}
