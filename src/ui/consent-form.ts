import type { Form } from './form.ts'
import { pageUrls } from './page-urls.ts'

/** The answer to the permission dialog, allow or deny. The pages before the dialog also show it, to deny only. */
export const consentForm: Form = { action: pageUrls.answerConsent(), purpose: 'consent', about: 'ticket' }

/**
 * Returns everything that the permission dialog shows and an approval covers. After another sign-in, another choice of business or other
 * scopes, the form is no longer valid.
 */
export function shownInDialog(personUid: string, businessUid: string, permission: readonly string[]): string[] {
  return [personUid, businessUid, ...[...permission].sort()]
}
