import { visitorKey } from '../../http/address.ts'
import { loggedPath } from '../../http/boundary.ts'
import { inClear } from '../../http/disclosed.ts'
import type { Incoming } from '../../http/incoming.ts'
import { refusedRequest } from '../../http/refused-request.ts'
import type { Refusal } from '../../kit/refusal.ts'
import type { Site } from '../../site.ts'
import { codeOf } from './error-code.ts'
import { fixFor } from './fixes.ts'

/** Where refusals have names of the protocol. */
const IS_PROTOCOL = /^\/+(app\/+)?(oauth|\.well-known)\//

/**
 * Keeps what the server knows of a refusal, for `behalf why`. What failed on our side is left to the log. `sentBack` says that the error
 * went to an app by the browser.
 */
export function keepRefusal(
  refusal: Refusal,
  incoming: Incoming,
  { refusals }: Site,
  sentBack?: { appUid: string; status: number },
): void {
  if (refusal.status === 503) return
  refusals.keep(visitorKey(incoming.address), () => {
    const code = IS_PROTOCOL.test(loggedPath(incoming.url)) ? codeOf(refusal) : null
    const check = refusal.key
    return {
      ...refusedRequest(incoming),
      status: sentBack?.status ?? refusal.status,
      code,
      field: refusal.field ?? null,
      sentence: inClear(refusal.message, 600),
      check,
      fix: refusal.fix ?? (code === null ? null : fixFor(check, code)),
      appUid: sentBack?.appUid,
    }
  })
}
