import type { AuthorizationRequest } from '../../domain/requests/authorization-request.ts'
import type { Params } from '../../http/params.ts'
import { refuse } from '../errors/error.ts'

export type ResponseMode = AuthorizationRequest['responseMode']

/** How an answer may travel to the app (OAuth 2.0 Multiple Response Types §2.1, OAuth 2.0 Form Post Response Mode §2). */
export const RESPONSE_MODES: readonly ResponseMode[] = ['query', 'form_post']

/** The mode that the request asks for. One that cannot work here is refused, and that is said in the query. */
export function readResponseMode(params: Params, redirectUri: string): ResponseMode {
  const field = 'response_mode'
  const asked = params.get(field) ?? 'query'
  const mode = RESPONSE_MODES.find((each) => each === asked)
  if (!mode) refuse('invalid_request', `The response_mode must be ${RESPONSE_MODES.join(' or ')}.`, { field })
  if (mode === 'query') return mode
  if (!/^https?:/.test(redirectUri))
    refuse('invalid_request', 'The response_mode form_post needs a redirect_uri that a browser can post a form to.', {
      field,
    })
  // Browsers send every line break of a form as CR LF (HTML Standard §4.10.21.7), so the state would not come back as it was.
  if (/[\r\n]/.test(params.get('state') ?? ''))
    refuse('invalid_request', 'The state has a line break, which response_mode=form_post cannot carry unchanged.', {
      field: 'state',
    })
  return mode
}

/** The mode for an error that came up before the request was understood as a whole. */
export function modeForError(params: Params, redirectUri: string): ResponseMode {
  try {
    return readResponseMode(params, redirectUri)
  } catch {
    return 'query'
  }
}
