import { isUtf8 } from 'node:buffer'

export interface Image {
  type: string
  bytes: Uint8Array<ArrayBuffer>
}

/** The first bytes of each type. Browsers must not guess types (nosniff), so an image of another type than declared is refused. */
const KINDS: Record<string, (bytes: Buffer) => boolean> = {
  'image/png': (bytes) => bytes.toString('latin1', 0, 8) === '\x89PNG\r\n\x1A\n',
  'image/jpeg': (bytes) => bytes.toString('latin1', 0, 3) === '\xFF\xD8\xFF',
  'image/gif': (bytes) => /^GIF8[79]a$/.test(bytes.toString('latin1', 0, 6)),
  'image/webp': (bytes) => /^RIFF.{4}WEBP$/s.test(bytes.toString('latin1', 0, 12)),
  'image/svg+xml': (bytes) =>
    isUtf8(bytes) && /^\uFEFF?\s*<(\?xml|!--|!DOCTYPE svg|svg)[\s>]/i.test(bytes.toString('utf8', 0, 200)),
}

const MAX_BYTES = 512 * 1024

/** Parses a `data:` URL (RFC 2397) of a PNG, JPEG, WebP, GIF or SVG image of at most 512 KiB; undefined for anything else. */
export function readImage(url: unknown): Image | undefined {
  if (typeof url !== 'string' || url.length > MAX_BYTES * 2) return undefined
  const found = /^data:(image\/[a-z+]+)((?:;[\w-]+=[\w.-]+)*)(;base64)?,/i.exec(url)
  if (!found) return undefined
  const type = found[1]!.toLowerCase()
  const body = url.slice(found[0].length)
  const bytes = found[3] ? Buffer.from(body, 'base64') : Buffer.from(decoded(body))
  if (bytes.length > MAX_BYTES || !KINDS[type]?.(bytes)) return undefined
  return { type: type === 'image/svg+xml' ? `${type}; charset=utf-8` : type, bytes: new Uint8Array(bytes) }
}

function decoded(body: string): string {
  try {
    return decodeURIComponent(body)
  } catch {
    return ''
  }
}
