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

/** Keeps things secret at rest, and proves that a text came from us. */
export interface Seal {
  /** Encrypts for one purpose (AES-256-GCM). */
  close(purpose: string, plain: string): string
  /** Decrypts what `close` made under any of the known secrets; undefined when none fits. */
  open(purpose: string, sealed: string): string | undefined
  /** Whether it was closed under an older secret, or under none that is known. */
  isStale(purpose: string, sealed: string): boolean
  /** A keyed digest of a text for one purpose (HMAC-SHA-256, base64url). */
  mark(purpose: string, text: string): string
  /** The marks that the known secrets make of a text, the newest secret's first: to make again what one of them has made. */
  marks(purpose: string, text: string): string[]
  /** Whether the mark was made by any of the known secrets. */
  isMark(purpose: string, text: string, mark: string): boolean
}

/** The first secret closes and marks; the others still open, so that a secret is replaced without losing anything. */
export function openSeal(secrets: readonly string[]): Seal {
  // As objects of the library: made anew for each use, a key costs more than what is done with it.
  const key = (secret: string, purpose: string) =>
    createSecretKey(Buffer.from(hkdfSync('sha256', secret, 'behalf', purpose, 32)))
  const keys = new Map<string, KeyObject[]>()
  const keysFor = (purpose: string) => {
    const made = keys.get(purpose) ?? secrets.map((secret) => key(secret, purpose))
    keys.set(purpose, made)
    return made
  }
  const markWith = (keyed: KeyObject, text: string) => createHmac('sha256', keyed).update(text).digest('base64url')
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
    mark: (purpose, text) => markWith(keysFor(`mark ${purpose}`)[0]!, text),
    marks: (purpose, text) => keysFor(`mark ${purpose}`).map((keyed) => markWith(keyed, text)),
    isMark: (purpose, text, mark) => keysFor(`mark ${purpose}`).some((keyed) => sameText(markWith(keyed, text), mark)),
  }
}

/** Undefined when it was made under another key. */
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
