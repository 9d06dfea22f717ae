import type { Site } from '../site.ts'

/** Replaces the signing keys that are due. When several servers try at the same time, one succeeds. */
export async function rotateKeys({ config, keys, log }: Pick<Site, 'config' | 'keys' | 'log'>): Promise<void> {
  if (config.keyRotationInterval === 0) return
  const made = await keys.rotateDue(config.keyRotationInterval)
  if (made > 0) log.info({ keys: made }, 'signing keys rotated')
}
