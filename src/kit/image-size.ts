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
