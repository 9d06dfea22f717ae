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

/** Returns the width and height that a PNG, GIF or JPEG declares, in pixels; undefined when there are none. */
export function imageSize(type: string, bytes: Buffer): { width: number; height: number } | undefined {
  try {
    if (type === 'image/png') return { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) }
    if (type === 'image/gif') return { width: bytes.readUInt16LE(6), height: bytes.readUInt16LE(8) }
    return type === 'image/jpeg' ? sizeOfJpeg(bytes) : undefined
  } catch (error) {
    // The image ends before its size.
    if (error instanceof RangeError) return undefined
    throw error
  }
}

/** Skips the segments before the frame header, which contains the size (ITU-T T.81 §B.2.2). */
function sizeOfJpeg(bytes: Buffer): { width: number; height: number } | undefined {
  for (let at = 2; bytes.readUInt8(at) === 0xff; at += 2 + bytes.readUInt16BE(at + 2)) {
    const marker = bytes.readUInt8(at + 1)
    const isFrame = marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc
    if (isFrame) return { height: bytes.readUInt16BE(at + 5), width: bytes.readUInt16BE(at + 7) }
  }
  return undefined
}
