import { isDocumentUrl } from '../../domain/apps/client-document.ts'
import { nobodyActor } from '../../domain/audit/actor.ts'
import { newEvent } from '../../domain/audit/events.ts'
import type { Incoming } from '../../http/incoming.ts'
import { Malformed, type Params } from '../../http/params.ts'
import { digest } from '../../kit/digest.ts'
import type { Site } from '../../site.ts'
import type { App } from '../../store/nouns/apps.ts'
import { refuse } from '../errors/error.ts'
import { findForeignMethod } from './allowed-methods.ts'
import { heedDocument } from './heed-document.ts'
import { METHODS } from './methods.ts'
import { none } from './none.ts'

/**
 * The app that makes this request, proved in exactly one way (RFC 6749 §2.3), and in one that it may use. An unknown app and a wrong
 * secret cost the same one question and get the same answer.
 */
export async function authenticateApp(incoming: Incoming, form: Params, site: Site): Promise<App> {
  checkQuery(incoming, site)
  const used = METHODS.filter((method) => method.isUsed(incoming, form))
  if (used.length > 1) {
    refuse(
      'invalid_request',
      'The app authenticates in two ways at once: send one of the Authorization header, client_secret and client_assertion.',
    )
  }
  const method = used[0] ?? none
  const credentials = method.read(incoming, form, site)
  const { clientId } = credentials
  if (isDocumentUrl(clientId)) await heedDocument(clientId, incoming, site)
  const secret = digest(credentials.secret ?? '')
  const found = await site.store.apps.authenticate(clientId, secret, site.clock.now())
  const fault = found
    ? (findForeignMethod(found.app, method.name) ?? (await method.findFault(credentials, found, site)))
    : method.failure
  if (found && fault === undefined) return found.app
  if (found) await note(found.app, method.name, incoming, site)
  return refuse('invalid_client', fault!, method.challenge && { headers: method.challenge })
}

/** In the URL a proof would end up in logs (RFC 6749 §2.3.1). */
function checkQuery({ query }: Incoming, { config }: Site): void {
  const misplaced = ['client_secret', 'client_assertion'].find((name) => query.has(name))
  if (misplaced && !config.tokenInQuery)
    throw new Malformed(
      `The parameter ${misplaced} is in the URL; send it in the body, where no log keeps it.`,
      misplaced,
    )
}

async function note(app: App, method: string, incoming: Incoming, site: Site): Promise<void> {
  if (!(await site.limits.may('audit-lines', `app ${app.uid}`))) return
  const fields = { appUid: app.uid, details: { method } }
  await site.store.events.add(newEvent('app.refused', site.clock.now(), nobodyActor(incoming.reference), fields))
}
