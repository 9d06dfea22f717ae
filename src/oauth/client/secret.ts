import type { Incoming } from '../../http/incoming.ts'
import { plain } from '../../http/params.ts'
import { refusal as httpRefusal } from '../../http/refusals.ts'
import type { Refusal } from '../../kit/refusal.ts'
import type { Site } from '../../site.ts'
import { refusal, refuse } from '../errors/refusals.ts'
import type { ClientMethod, Credentials, FoundApp } from './method.ts'

const challenge = { 'www-authenticate': 'Basic realm="Behalf", charset="UTF-8"' }

/** HTTP Basic (RFC 6749 §2.3.1): client id and secret are form-encoded before they are joined and base64-encoded. */
export const secretBasic: ClientMethod = {
  name: 'client_secret_basic',
  challenge,
  failure: 'client.wrong-secret',
  read(presented) {
    const { clientId, secret } = readBasic(presented.authorization!) ?? {}
    if (clientId === undefined || !secret) refuse('client.basic-malformed', {}, { headers: challenge })
    checkSameId(clientId, presented.clientId)
    return { clientId, secret }
  },
  prove: proveSecret,
}

/**
 * Returns the client id and the secret of an HTTP Basic header. The secret is empty if the header has none, also without the colon, as
 * okta-auth-js sends it for public apps. Undefined if the header is not well-formed.
 */
export function readBasic(authorization: string): { clientId: string; secret: string } | undefined {
  const found = /^Basic +([A-Za-z0-9+/]+={0,2})$/i.exec(authorization)
  const pair = found ? Buffer.from(found[1]!, 'base64').toString('utf8') : ''
  const [id] = pair.split(':', 1) as [string]
  const [clientId, secret] = [decode(id), decode(pair.slice(id.length + 1))]
  return !clientId || secret === undefined ? undefined : { clientId, secret }
}

/** Refuses a client id in the body that differs from the one in the header. */
export function checkSameId(inHeader: string, inBody: string | undefined): void {
  if (inBody !== undefined && inBody !== inHeader) refuse('client.two-ids')
}

/** Client id and secret in the body (RFC 6749 §2.3.1). */
export const secretPost: ClientMethod = {
  name: 'client_secret_post',
  failure: 'client.wrong-secret',
  read({ clientId, secret }) {
    if (clientId === undefined) throw httpRefusal('parameter.missing', { parameter: 'client_id' })
    return { clientId, secret: secret! }
  },
  prove: proveSecret,
}

/** The query that found the app has already compared the secret. Records its use. */
function proveSecret({ secret }: Credentials, found: FoundApp, _: Incoming, { lastUsed }: Site): Refusal | undefined {
  if (secret === undefined || !found.secret)
    return refusal('client.wrong-secret', {}, { actual: refusal('client.other-secret') })
  lastUsed.recordSecret(found.secret)
  return undefined
}

function decode(text: string): string | undefined {
  try {
    return plain(decodeURIComponent(text.replaceAll('+', ' ')))
  } catch {
    return undefined
  }
}
