import { z } from 'zod'
import { choice, orRefuse, scopeList, text } from '../domain/apps/setting-kinds.ts'
import { wrongValue } from '../domain/apps/value-refusals.ts'
import { changeResource, clientIdOf, endResource, registerResource } from '../domain/tokens/resource.ts'
import type { ResourceDraft } from '../domain/tokens/resource-settings.ts'
import type { Endpoint } from '../endpoint.ts'
import { json } from '../http/reply.ts'
import type { ResourceServer } from '../store/nouns/resources.ts'
import { clearable, maybe, readFields, readPage } from './fields.ts'
import { platformEndpoint } from './platform-endpoint.ts'
import { refuse } from './refusals.ts'

const FIELDS = {
  identifier: maybe(text),
  name: maybe(text),
  directory_uid: maybe(text),
  scopes: clearable(scopeList),
  token_format: clearable(choice(['opaque', 'jwt'])),
  token_lifetime: clearable(z.int(orRefuse(wrongValue('value.whole-seconds')))),
  token_claims: clearable(z.array(text, orRefuse(wrongValue('value.list')))),
  token_typ: clearable(choice(['at+jwt', 'JWT'])),
  introspection: maybe(z.boolean(orRefuse(wrongValue('value.flag')))),
}

/** The endpoints that register, list, change and end resource servers. */
export const resourceEndpoints: readonly Endpoint[] = [
  // Has the secret, which is shown again only when it is replaced.
  platformEndpoint('POST', 'resources', 'Resources are registered', async (incoming, site, caller) => {
    const made = await registerResource(readResource(await incoming.json()), caller, site)
    return json(201, { status: 'OK', data: { resource: presentResource(made.resource, made.secret) } })
  }),

  // A directory sees its own resource servers, the platform sees all. The oldest come first.
  platformEndpoint('GET', 'resources', 'Resources are listed', async (incoming, site, { directoryUid }) => {
    const { limit, skip } = readPage(incoming)
    const found = await site.store.resources.list(directoryUid ?? undefined, limit, undefined, skip)
    return json(200, { status: 'OK', data: { resources: found.map((each) => presentResource(each)) } })
  }),

  // What the body leaves out stays.
  platformEndpoint('PUT', 'resources/:uid', 'Resources are changed', async (incoming, site, caller) => {
    const draft = readResource(await incoming.json())
    const changed = await changeResource(incoming.path.uid ?? '', draft, caller, site)
    if (!changed) refuse('resource.unknown')
    return json(200, { status: 'OK', data: { resource: presentResource(changed.resource, changed.secret) } })
  }),

  platformEndpoint('DELETE', 'resources/:uid', 'Resources are ended', async (incoming, site, caller) => {
    const ended = await endResource(incoming.path.uid ?? '', caller, site)
    if (!ended) refuse('resource.unknown')
    return json(200, { status: 'OK', data: { resource: { ...presentResource(ended), ended_at: ended.endedAt } } })
  }),
]

function readResource(body: Record<string, unknown>): ResourceDraft {
  const { directory_uid, token_format, token_lifetime, token_claims, token_typ, ...alike } = readFields(FIELDS, body)
  return {
    ...alike,
    directoryUid: directory_uid,
    tokenFormat: token_format,
    tokenLifetime: token_lifetime,
    tokenClaims: token_claims,
    tokenTyp: token_typ,
  }
}

/** A resource server as this API shows it, with its secret where one was just made. */
function presentResource(shown: ResourceServer, secret?: string | null): Record<string, unknown> {
  return {
    uid: shown.uid,
    identifier: shown.identifier,
    name: shown.name,
    directory_uid: shown.directoryUid,
    scopes: shown.scopes,
    token_format: shown.tokenFormat,
    token_lifetime: shown.tokenLifetime,
    token_claims: shown.tokenClaims,
    token_typ: shown.tokenTyp,
    introspection: shown.secretDigest !== null,
    client_id: shown.secretDigest === null ? null : clientIdOf(shown),
    ...(secret === undefined ? {} : { client_secret: secret }),
    created_at: shown.createdAt,
  }
}
