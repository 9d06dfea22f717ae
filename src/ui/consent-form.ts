import { allowedAs } from '../domain/apps/differences.ts'
import { digest } from '../kit/digest.ts'
import type { Site } from '../site.ts'
import type { App } from '../store/nouns/apps.ts'
import { publisherOf } from './app-origin.ts'
import type { Form } from './form.ts'
import { pageUrls } from './page-urls.ts'

/** The answer to the permission dialog, allow or deny. The pages before the dialog also show it, to deny only. */
export const consentForm: Form = { action: pageUrls.answerConsent(), purpose: 'consent', about: 'ticket' }

/**
 * Returns everything that the permission dialog shows and an approval covers. After another sign-in, another choice of business, other
 * scopes or a change of the app or its publisher, the form is no longer valid.
 */
export async function shownInDialog(
  app: App,
  { personUid, businessUid, permission }: { personUid: string; businessUid: string; permission: readonly string[] },
  site: Site,
): Promise<string[]> {
  const publisher = digest((await publisherOf(app, site)) ?? '')
  return [personUid, businessUid, allowedAs(app), publisher, ...[...permission].sort()]
}
