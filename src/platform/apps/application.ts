import { writeWire } from '../../domain/apps/settings-on-wire.ts'
import type { App } from '../../store/nouns/apps.ts'

/** An app as this API shows it. Its secret is not among what an App knows. */
export function application(app: App): Record<string, unknown> {
  return { ...writeWire(app, 'platform'), created_at: app.createdAt }
}
