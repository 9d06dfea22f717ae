import { newSecret } from '../../kit/id.ts'
import type { AppProtocol } from '../../store/nouns/apps.ts'
import type { Keys } from '../keys/keys.ts'
import { algorithmOf } from '../keys/signing-algorithms.ts'

/** What a logout token says: to whom, and which session of whose has ended. */
export interface Content {
  issuer: string
  clientId: string
  protocol: AppProtocol
  subject: string
  sid: string
  now: number
}

/** Seconds; the specification asks for two minutes at most. */
const LIFETIME = 120
const EVENT = 'http://schemas.openid.net/event/backchannel-logout'

/**
 * Signs a logout token (OpenID Connect Back-Channel Logout §2.4) as the app has its ID tokens signed. It never has a nonce, so that nobody
 * can take it for one of those.
 */
export async function signLogoutToken(keys: Keys, content: Content): Promise<string> {
  const claims = {
    iss: content.issuer,
    aud: content.clientId,
    sub: content.subject,
    sid: content.sid,
    iat: content.now,
    exp: content.now + LIFETIME,
    jti: newSecret(),
    events: { [EVENT]: {} },
  }
  return keys.sign(algorithmOf(content.protocol.idTokenAlg), 'logout+jwt', claims)
}
