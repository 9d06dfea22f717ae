import { newSecret } from '../../kit/id.ts'
import type { AppProtocol } from '../../store/nouns/apps.ts'
import type { Keys } from '../keys/keys.ts'
import { algorithmOf } from '../keys/signing-algorithms.ts'

interface Content {
  issuer: string
  clientId: string
  protocol: AppProtocol
  subject: string
  sid: string
  now: number
}

/** The specification recommends at most two minutes. */
const LIFETIME_SECONDS = 120
const EVENT = 'http://schemas.openid.net/event/backchannel-logout'

/**
 * Signs a logout token (OpenID Connect Back-Channel Logout §2.4) with the algorithm of the app's ID tokens. It has no nonce, so that it cannot be
 * used as an ID token.
 */
export async function signLogoutToken(keys: Keys, content: Content): Promise<string> {
  const claims = {
    iss: content.issuer,
    aud: content.clientId,
    sub: content.subject,
    sid: content.sid,
    iat: content.now,
    exp: content.now + LIFETIME_SECONDS,
    jti: newSecret(),
    events: { [EVENT]: {} },
  }
  return keys.sign(algorithmOf(content.protocol.idTokenAlg), 'logout+jwt', claims)
}
