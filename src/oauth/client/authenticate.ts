import { resolveDescribedApp } from '../../domain/apps/resolve-described-app.ts'
import { anonymousActor } from '../../domain/audit/actor.ts'
import { noteLater } from '../../domain/audit/note.ts'
import { visitorKey } from '../../http/address.ts'
import type { Incoming } from '../../http/incoming.ts'
import type { Params } from '../../http/params.ts'
import { digest } from '../../kit/digest.ts'
import { isHttpUrl } from '../../kit/http-url.ts'
import { Refusal } from '../../kit/refusal.ts'
import type { Site } from '../../site.ts'
import type { App } from '../../store/nouns/apps.ts'
import { refusal, refuse } from '../errors/refusals.ts'
import { methodOf, readPresented, whyNotAllowed } from './methods.ts'

/**
 * Authenticates the app of a request by exactly one method (RFC 6749 §2.3), which the app must be allowed to use. An assertion can be used
 * only once. An unknown app and a wrong secret cost the same query and get the same answer, so the event is stored later.
 */
export async function authenticateApp(
  incoming: Incoming,
  form: Params,
  site: Site,
  presented = readPresented(incoming, form),
): Promise<App> {
  const method = methodOf(presented)
  const credentials = method.read(presented, incoming, site)
  const { clientId } = credentials
  if (isHttpUrl(clientId)) await refreshDocument(clientId, incoming, site)
  const secret = digest(credentials.secret ?? '')
  const found = await site.store.apps.authenticate(clientId, secret, site.clock.now())
  const notAllowed = found
    ? whyNotAllowed(found.app, method.name)
    : refusal(method.failure, {}, { actual: refusal('client.unknown') })
  if (notAllowed) await method.pretend?.(credentials, site)
  const failed = notAllowed ?? (await method.prove(credentials, found!, incoming, site))
  if (found && !failed) return found.app
  if (found) {
    const { uid } = found.app
    const fields = { appUid: uid, details: { method: method.name } }
    noteLater('app.refused', `app ${uid}`, anonymousActor(incoming.reference), fields, site)
  }
  throw failed!.with({ headers: method.challenge })
}

/** Reads the metadata document of an app again if it is due, because the app authenticates with the keys that are there now. */
async function refreshDocument(clientId: string, incoming: Incoming, site: Site): Promise<void> {
  try {
    if (await resolveDescribedApp(clientId, visitorKey(incoming.address), site)) return
  } catch (error) {
    throw error instanceof Refusal && error.status === 400 ? error.with({ status: 401, code: 'invalid_client' }) : error
  }
  refuse('client.unlisted')
}
