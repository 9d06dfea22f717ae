import { nobodyActor } from '../../domain/audit/actor.ts'
import { newEvent } from '../../domain/audit/events.ts'
import { resourceUidOf } from '../../domain/tokens/resource.ts'
import type { Incoming } from '../../http/incoming.ts'
import type { Params } from '../../http/params.ts'
import { digest } from '../../kit/digest.ts'
import type { Site } from '../../site.ts'
import type { App } from '../../store/nouns/apps.ts'
import type { ResourceServer } from '../../store/nouns/resources.ts'
import { refuse } from '../errors/error.ts'
import { hasAssertion } from './assertion.ts'
import { authenticateApp } from './authenticate.ts'
import { METHODS } from './methods.ts'
import { WRONG_SECRET } from './right-secret.ts'
import { secretBasic } from './secret-basic.ts'
import { secretPost } from './secret-post.ts'

/** Who asks about a token: an app, or the API that a token was shown to. */
export type Introspector = { app: App } | { resource: ResourceServer }

const NOBODY = 'Say who asks: send the client_id and client_secret of the API or app, in the body or by HTTP Basic.'

/** Whoever asks proves who it is (RFC 7662 §2.1): an app as anywhere else, a resource server by its own client id and secret. */
export async function needIntrospector(incoming: Incoming, form: Params, site: Site): Promise<Introspector> {
  const [method, another] = METHODS.filter((each) => each.isUsed(incoming, form))
  const isBySecret = (method === secretBasic || method === secretPost) && !another
  const { clientId = '', secret = '' } = isBySecret ? method.read(incoming, form, site) : {}
  const resourceUid = resourceUidOf(clientId)
  if (resourceUid !== undefined) {
    const resource = await site.store.resources.authenticate(resourceUid, digest(secret))
    if (resource) return { resource }
    await note(resourceUid, incoming, site)
    return refuse('invalid_client', WRONG_SECRET, method?.challenge && { headers: method.challenge })
  }
  if (!method && !hasAssertion(form) && form.get('client_id') === undefined)
    return refuse('invalid_client', NOBODY, { headers: secretBasic.challenge! })
  const app = await authenticateApp(incoming, form, site)
  if (!app.public) return { app }
  return refuse('invalid_client', 'A public app proves nothing about itself, so it learns nothing about tokens here.')
}

async function note(uid: string, incoming: Incoming, { store, limits, clock }: Site): Promise<void> {
  const resource = await store.resources.find(uid)
  if (!resource || resource.endedAt !== null || !(await limits.may('audit-lines', `resource ${uid}`))) return
  const fields = { directoryUid: resource.directoryUid, subject: uid }
  await store.events.add(newEvent('resource.refused', clock.now(), nobodyActor(incoming.reference), fields))
}
