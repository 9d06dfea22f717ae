import type { Parts } from '../parts.ts'
import { type AppSettings, applyDraft, NO_SETTINGS } from './apply-draft.ts'
import type { OwnDraft } from './client-metadata.ts'
import { checkSectorDocument } from './sector-document.ts'

/** All settings of an app that describes itself: its draft, applied to the settings that are `kept`, and else to none. */
export async function applyOwnDraft(
  draft: OwnDraft,
  kept: Partial<AppSettings>,
  { scopes, outbound }: Pick<Parts, 'scopes' | 'outbound'>,
): Promise<AppSettings & { public: boolean }> {
  const { public: isPublic } = draft
  // What such an app may have of the catalogue was decided when it was read.
  const settings = applyDraft(draft, { ...NO_SETTINGS, ...kept, public: isPublic }, { isPlatform: false, scopes })
  const { sectorIdentifierUri } = settings.protocol
  if (sectorIdentifierUri !== undefined) await checkSectorDocument(sectorIdentifierUri, settings.redirectUris, outbound)
  return { ...settings, public: isPublic }
}
