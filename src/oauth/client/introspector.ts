import { anonymousActor } from '../../domain/audit/actor.ts'
import { noteLater } from '../../domain/audit/note.ts'
import { resourceUidOf } from '../../domain/tokens/resource.ts'
import type { Incoming } from '../../http/incoming.ts'
import type { Params } from '../../http/params.ts'
import { digest } from '../../kit/digest.ts'
import type { Site } from '../../site.ts'
import type { App } from '../../store/nouns/apps.ts'
import type { ResourceServer } from '../../store/nouns/resources.ts'
import { refuse } from '../errors/refusals.ts'
import { authenticateApp } from './authenticate.ts'
import { methodOf, none, readPresented } from './methods.ts'
import { secretBasic, secretPost } from './secret.ts'

/** The caller of introspection: an app, or the API that received the token. */
export type Introspector = { app: App } | { resource: ResourceServer }

/** Authenticates the caller (RFC 7662 §2.1): an app as at the token endpoint, an API by its own client id and secret. */
export async function needIntrospector(incoming: Incoming, form: Params, site: Site): Promise<Introspector> {
  const presented = readPresented(incoming, form)
  const method = methodOf(presented)
  if (method === none && presented.clientId === undefined)
    return refuse('introspection.no-client', {}, { headers: secretBasic.challenge! })
  const isBySecret = method === secretBasic || method === secretPost
  const { clientId = '', secret = '' } = isBySecret ? method.read(presented, incoming, site) : {}
  const resourceUid = resourceUidOf(clientId)
  if (resourceUid !== undefined) {
    const resource = await site.store.resources.authenticate(resourceUid, digest(secret))
    if (resource) return { resource }
    await noteRefused(resourceUid, incoming, site)
    return refuse('client.wrong-secret', {}, { headers: method.challenge })
  }
  const app = await authenticateApp(incoming, form, site, presented)
  return app.public ? refuse('introspection.public-client') : { app }
}

async function noteRefused(uid: string, incoming: Incoming, site: Site): Promise<void> {
  const resource = await site.store.resources.find(uid)
  if (!resource || resource.endedAt !== null) return
  const fields = { directoryUid: resource.directoryUid, subject: uid }
  noteLater('resource.refused', `resource ${uid}`, anonymousActor(incoming.reference), fields, site)
}
