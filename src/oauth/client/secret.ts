import { Malformed, plain } from '../../http/params.ts'
import type { Site } from '../../site.ts'
import { refuse } from '../errors/error.ts'
import type { ClientMethod, Credentials, FoundApp } from './method.ts'

/** The message for every wrong secret and every unknown app. */
export const WRONG_SECRET = 'The client_id or client_secret is wrong.'

const challenge = { 'www-authenticate': 'Basic realm="Behalf", charset="UTF-8"' }

/** HTTP Basic (RFC 6749 §2.3.1): client id and secret are form-encoded before they are joined and base64-encoded. */
export const secretBasic: ClientMethod = {
  name: 'client_secret_basic',
  challenge,
  failure: WRONG_SECRET,
  read({ authorization, clientId: inBody }) {
    const found = /^Basic +([A-Za-z0-9+/]+={0,2})$/i.exec(authorization!)
    const pair = found && Buffer.from(found[1]!, 'base64').toString('utf8')
    const colon = pair?.indexOf(':') ?? -1
    const clientId = pair && colon > 0 ? decode(pair.slice(0, colon)) : undefined
    const secret = pair && colon > 0 ? decode(pair.slice(colon + 1)) : undefined
    if (!clientId || !secret) {
      refuse(
        'invalid_client',
        'The Authorization header must be Basic with base64 of client_id:client_secret, each form-encoded first.',
        { headers: challenge },
      )
    }
    if (inBody !== undefined && inBody !== clientId) {
      refuse('invalid_request', 'The client_id in the body is not the one in the Authorization header; send it once.', {
        field: 'client_id',
      })
    }
    return { clientId, secret }
  },
  prove: proveSecret,
}

/** Client id and secret in the body (RFC 6749 §2.3.1). */
export const secretPost: ClientMethod = {
  name: 'client_secret_post',
  failure: WRONG_SECRET,
  read({ clientId, secret }) {
    if (clientId === undefined) throw new Malformed('The parameter client_id is missing.', 'client_id')
    return { clientId, secret: secret! }
  },
  prove: proveSecret,
}

/** The query that found the app has compared the secret with its live ones. Records the use of the one that is right. */
function proveSecret({ secret }: Credentials, found: FoundApp, { lastUsed }: Site): string | undefined {
  if (secret === undefined || !found.secret) return WRONG_SECRET
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
