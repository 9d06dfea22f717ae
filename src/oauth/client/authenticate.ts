import { newEvent } from '../../domain/events.ts'
import type { Incoming } from '../../http/incoming.ts'
import type { Params } from '../../http/params.ts'
import { digest } from '../../kit/digest.ts'
import type { Site } from '../../site.ts'
import type { App } from '../../store/rows.ts'
import { refuse } from '../error.ts'
import { none } from './none.ts'
import { secretBasic } from './secret-basic.ts'
import { secretPost } from './secret-post.ts'

const METHODS = [secretBasic, secretPost]

/** The ways to authenticate, by the names that metadata uses (RFC 8414 §2). */
export const CLIENT_METHODS = [...METHODS, none].map((method) => method.name)

/**
 * The app that makes this request, proved in exactly one way (RFC 6749 §2.3). An unknown app and a wrong secret cost the same one query
 * and get the same answer.
 */
export async function authenticateApp(incoming: Incoming, form: Params, site: Site): Promise<App> {
  const used = METHODS.filter((method) => method.isUsed(incoming, form))
  if (used.length > 1) {
    refuse(
      'invalid_request',
      'The app authenticates in two ways at once: send the secret in the Authorization header or in the body, not in both.',
    )
  }
  const method = used[0] ?? none
  const { clientId, secret } = method.read(incoming, form)
  const found = await site.store.apps.authenticate(clientId, digest(secret ?? ''), site.clock.now())
  const isProved = found && (found.app.public ? secret === undefined : secret !== undefined && found.isSecretRight)
  if (isProved) return found.app
  if (found) await note(found.app, method.name, incoming, site)
  const why = found?.app.public
    ? 'This app is public and has no secret: send client_id alone.'
    : secret === undefined
      ? 'The app did not authenticate: send its client_secret, in the body or by HTTP Basic.'
      : 'The client_id or client_secret is wrong.'
  return refuse('invalid_client', why, method.challenge && { headers: method.challenge })
}

async function note(app: App, method: string, incoming: Incoming, site: Site): Promise<void> {
  if (!(await site.limits.mayNote(`app ${app.uid}`))) return
  const facts = { actor: 'nobody', appUid: app.uid, reference: incoming.reference, details: { method } }
  await site.store.events.add(newEvent('app.refused', site.clock.now(), facts))
}
