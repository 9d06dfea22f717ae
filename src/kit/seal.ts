import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  hkdfSync,
  type KeyObject,
  randomBytes,
} from 'node:crypto'
import { sameText } from './digest.ts'

/** Encrypts what is stored, and authenticates texts that we made. */
export interface Seal {
  /** Encrypts for one purpose (AES-256-GCM). */
  close(purpose: string, plain: string): string
  /** Decrypts what `close` made with any of the secrets; undefined when none fits. */
  open(purpose: string, sealed: string): string | undefined
  /** Whether it was not encrypted with the newest secret. */
  isStale(purpose: string, sealed: string): boolean
  /** Returns the message authentication code of a text for one purpose (HMAC-SHA-256, base64url). */
  mac(purpose: string, text: string): string
  /** Returns the MACs of a text with all secrets, the newest first. */
  macs(purpose: string, text: string): string[]
  /** Whether one of the secrets made this MAC of the text. */
  isMac(purpose: string, text: string, mac: string): boolean
}

/** Opens the seal. The first secret encrypts and signs; the others only decrypt and verify, so that secrets can be replaced. */
export function openSeal(secrets: readonly string[]): Seal {
  // Cached as key objects: making a key costs more than using it.
  const key = (secret: string, purpose: string) =>
    createSecretKey(Buffer.from(hkdfSync('sha256', secret, 'behalf', purpose, 32)))
  const keys = new Map<string, KeyObject[]>()
  const keysFor = (purpose: string) => {
    const made = keys.get(purpose) ?? secrets.map((secret) => key(secret, purpose))
    keys.set(purpose, made)
    return made
  }
  // Part of every derived key: changing it would invalidate all existing MACs.
  const macKeys = (purpose: string) => keysFor(`mark ${purpose}`)
  const macWith = (keyed: KeyObject, text: string) => createHmac('sha256', keyed).update(text).digest('base64url')
  return {
    close(purpose, plain) {
      const iv = randomBytes(12)
      const cipher = createCipheriv('aes-256-gcm', keysFor(`seal ${purpose}`)[0]!, iv)
      const body = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()])
      return Buffer.concat([iv, cipher.getAuthTag(), body]).toString('base64url')
    },
    open(purpose, sealed) {
      for (const keyed of keysFor(`seal ${purpose}`)) {
        const plain = openWith(keyed, sealed)
        if (plain !== undefined) return plain
      }
      return undefined
    },
    isStale: (purpose, sealed) => openWith(keysFor(`seal ${purpose}`)[0]!, sealed) === undefined,
    mac: (purpose, text) => macWith(macKeys(purpose)[0]!, text),
    macs: (purpose, text) => macKeys(purpose).map((keyed) => macWith(keyed, text)),
    isMac: (purpose, text, mac) => macKeys(purpose).some((keyed) => sameText(macWith(keyed, text), mac)),
  }
}

/** Undefined when it was made with another key. */
function openWith(keyed: KeyObject, sealed: string): string | undefined {
  const bytes = Buffer.from(sealed, 'base64url')
  if (bytes.length < 28) return undefined
  try {
    const decipher = createDecipheriv('aes-256-gcm', keyed, bytes.subarray(0, 12))
    decipher.setAuthTag(bytes.subarray(12, 28))
    return decipher.update(bytes.subarray(28), undefined, 'utf8') + decipher.final('utf8')
  } catch {
    return undefined
  }
}
