import type { Form } from './form.ts'
import { pageUrls } from './page-urls.ts'

/** The answer to the permission dialog, allow or deny. Pages before the dialog show it too, to deny alone. */
export const consentForm: Form = { action: pageUrls.answerConsent(), purpose: 'consent', about: 'ticket' }

/**
 * Everything that the permission dialog shows and a yes is about. The yes counts for exactly that: after another sign-in, another choice of
 * business or other scopes the form is worth nothing.
 */
export function shownInDialog(personUid: string, businessUid: string, permission: readonly string[]): string[] {
  return [personUid, businessUid, ...[...permission].sort()]
}
