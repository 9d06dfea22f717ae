import type { AppDraft } from '../../domain/apps/app-draft.ts'
import { readWire } from '../../domain/apps/settings-on-wire.ts'
import { printable } from '../../http/params.ts'
import { needRecord } from '../fields.ts'
import { refuse } from '../refusals.ts'

/** What is easily taken for a field of ours, and the field that is meant; to ignore these would register something else than was asked. */
const MISNAMED: Record<string, string> = {
  redirect_uris: 'oauth_redirect_uris',
  redirect_url: 'redirect_uri',
  scope: 'scopes',
  jwks_uri: 'client_auth_jwks_uri',
}

/** The settings in the body of a registration or a change. What is not among them is ignored, as RFC 7591 §2 has it. */
export function readBody(body: unknown): AppDraft {
  const record = needRecord(body)
  for (const name of Object.keys(record)) {
    const meant = Object.hasOwn(MISNAMED, name) ? MISNAMED[name] : undefined
    if (meant) refuse('body.misnamed', { parameter: name, meant })
    if (name.includes('[')) {
      refuse('body.nested-form', { parameter: printable(name) })
    }
  }
  return readWire(record, 'platform', 'others')
}
