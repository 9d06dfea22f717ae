import { allowedAs } from '../domain/apps/differences.ts'
import { digest } from '../kit/digest.ts'
import type { Site } from '../site.ts'
import type { App } from '../store/nouns/apps.ts'
import { publisherOf } from './app-origin.ts'
import { type Form, formPurpose } from './form.ts'
import { pageUrls } from './page-urls.ts'

/** The answer to the permission dialog, allow or deny. The pages before the dialog also show it, to deny only. */
export const consentForm: Form = { action: pageUrls.answerConsent(), purpose: 'consent', about: 'ticket' }

/** The parts of what the permission dialog shows. The first that differs is why the dialog is shown again. */
export const DIALOG_PARTS = ['person', 'business', 'app'] as const
export type DialogPart = (typeof DIALOG_PARTS)[number]

/** Everything that the permission dialog shows and an approval covers: the publisher and the requested permission belong to the app. */
export type ShownDialog = Readonly<Record<DialogPart, readonly string[]>>

export async function shownInDialog(
  app: App,
  { personUid, businessUid, permission }: { personUid: string; businessUid: string; permission: readonly string[] },
  site: Site,
): Promise<ShownDialog> {
  const publisher = digest((await publisherOf(app, site)) ?? '')
  return {
    person: [personUid],
    business: [businessUid],
    app: [allowedAs(app), publisher, ...[...permission].sort()],
  }
}

/**
 * Returns the mark of a dialog: one code for each part, which only this server can make, for this browser (`csrf`) and this request. An approval
 * needs the mark of what the dialog would show now, besides the CSRF token of its form.
 */
export function dialogMark(ticket: string, shown: ShownDialog, csrf: (purpose: string) => string): string {
  return DIALOG_PARTS.map((part) => csrf(purposeOf(part, ticket, shown))).join('.')
}

/**
 * Returns the first part of a dialog that has changed since it was shown with this mark; undefined if nothing has. `isCode` says whether the server
 * made a code for a purpose.
 */
export function findStalePart(
  mark: string | undefined,
  ticket: string,
  shown: ShownDialog,
  isCode: (purpose: string, code: string) => boolean,
): DialogPart | undefined {
  const codes = (mark ?? '').split('.')
  const stale = DIALOG_PARTS.find((part, index) => !isCode(purposeOf(part, ticket, shown), codes[index] ?? ''))
  return stale ?? (codes.length === DIALOG_PARTS.length ? undefined : 'app')
}

function purposeOf(part: DialogPart, ticket: string, shown: ShownDialog): string {
  return formPurpose({ ...consentForm, purpose: `dialog ${part}` }, ticket, shown[part])
}
