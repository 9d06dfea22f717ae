import { isUtf8 } from 'node:buffer'

export interface Image {
  type: string
  bytes: Uint8Array<ArrayBuffer>
}

/** What each kind of picture begins with. Browsers are told not to guess, so a picture of another kind than it says is refused. */
const KINDS: Record<string, (bytes: Buffer) => boolean> = {
  'image/png': (bytes) => bytes.toString('latin1', 0, 8) === '\x89PNG\r\n\x1A\n',
  'image/jpeg': (bytes) => bytes.toString('latin1', 0, 3) === '\xFF\xD8\xFF',
  'image/gif': (bytes) => /^GIF8[79]a$/.test(bytes.toString('latin1', 0, 6)),
  'image/webp': (bytes) => /^RIFF.{4}WEBP$/s.test(bytes.toString('latin1', 0, 12)),
  'image/svg+xml': (bytes) =>
    isUtf8(bytes) && /^\uFEFF?\s*<(\?xml|!--|!DOCTYPE svg|svg)[\s>]/i.test(bytes.toString('utf8', 0, 200)),
}

const MOST_BYTES = 512 * 1024

/** Reads the picture in a `data:` URL (RFC 2397); undefined when it is none of PNG, JPEG, WebP, GIF or SVG. */
export function readImage(url: unknown): Image | undefined {
  if (typeof url !== 'string' || url.length > MOST_BYTES * 2) return undefined
  const found = /^data:(image\/[a-z+]+)((?:;[\w-]+=[\w.-]+)*)(;base64)?,/i.exec(url)
  if (!found) return undefined
  const type = found[1]!.toLowerCase()
  const body = url.slice(found[0].length)
  const bytes = found[3] ? Buffer.from(body, 'base64') : Buffer.from(decoded(body))
  if (bytes.length > MOST_BYTES || !KINDS[type]?.(bytes)) return undefined
  return { type: type === 'image/svg+xml' ? `${type}; charset=utf-8` : type, bytes: new Uint8Array(bytes) }
}

function decoded(body: string): string {
  try {
    return decodeURIComponent(body)
  } catch {
    return ''
  }
}
