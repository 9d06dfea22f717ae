import type { Site } from '../site.ts'

/** Gives signing keys their successors when their time has come. Of several servers one does; what fails is tried again the next time. */
export async function rotateKeys({ config, keys, log }: Pick<Site, 'config' | 'keys' | 'log'>): Promise<void> {
  if (config.keyRotationInterval === 0) return
  try {
    const made = await keys.rotateDue(config.keyRotationInterval)
    if (made > 0) log.info({ keys: made }, 'signing keys rotated')
  } catch (error) {
    log.warn({ err: error }, 'signing keys could not be rotated')
  }
}
