import { plain } from '../../http/params.ts'
import { refuse } from '../errors/error.ts'
import type { ClientMethod } from './method.ts'
import { findSecretFault, WRONG_SECRET } from './right-secret.ts'

const challenge = { 'www-authenticate': 'Basic realm="Behalf", charset="UTF-8"' }

/** HTTP Basic (RFC 6749 §2.3.1): both parts are form-encoded before they are joined and base64-encoded. */
export const secretBasic: ClientMethod = {
  name: 'client_secret_basic',
  challenge,
  failure: WRONG_SECRET,
  isUsed: (incoming) => incoming.header('authorization') !== undefined,
  read(incoming, form) {
    const found = /^Basic +([A-Za-z0-9+/]+={0,2})$/i.exec(incoming.header('authorization')!)
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
    const inBody = form.get('client_id')
    if (inBody !== undefined && inBody !== clientId) {
      refuse('invalid_request', 'The client_id in the body is not the one in the Authorization header; send it once.', {
        field: 'client_id',
      })
    }
    return { clientId, secret }
  },
  findFault: findSecretFault,
}

function decode(text: string): string | undefined {
  try {
    return plain(decodeURIComponent(text.replaceAll('+', ' ')))
  } catch {
    return undefined
  }
}
