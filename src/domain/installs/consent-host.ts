import type { App } from '../../store/nouns/apps.ts'
import { isClaimed, returnsTo } from '../apps/redirect-uri.ts'

/**
 * Returns the redirect host that a consent counts for. An app that introduced itself can list hosts of others, so a person allows it only for
 * the host that the dialog named. Empty for an app that the platform registered, whose consent counts for all its redirect URIs.
 */
export function consentHost({ origin }: Pick<App, 'origin'>, redirectUri: string): string {
  return origin === 'platform' ? '' : returnsTo(redirectUri)
}

/** Whether a consent is stored. For an app that introduced itself, one for a device would never count, and each port would store another. */
export function isRemembered({ origin }: Pick<App, 'origin'>, redirectUri: string): boolean {
  return origin === 'platform' || isClaimed(redirectUri)
}
