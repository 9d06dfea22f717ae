import type { IncomingMessage } from 'node:http'

const MAX_BODY_BYTES = 1_000_000

/** Reads the JSON in the body of a request. Says what is wrong if it is too large, or no JSON. */
export async function readBody(request: IncomingMessage): Promise<{ json: unknown } | 'too-large' | 'no-json'> {
  const parts: Buffer[] = []
  let size = 0
  // The connection stays open, so that the answer arrives.
  for await (const part of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    size += part.length
    if (size > MAX_BODY_BYTES) return 'too-large'
    parts.push(part)
  }
  try {
    return { json: JSON.parse(Buffer.concat(parts).toString('utf8')) }
  } catch {
    return 'no-json'
  }
}
