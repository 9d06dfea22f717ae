import type { IncomingMessage } from 'node:http'
import type { Refusal } from '../kit/refusal.ts'
import { refusal } from './refusals.ts'

/** The body of Node's own request, whole. Of one that grows larger than so many bytes nothing more is kept. */
export function readMessage(message: IncomingMessage, limit: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    // Whoever hung up half-way hears no answer; in the log it is no fault of ours.
    const breakOff = () => reject(refusal('body.broken-off'))
    if (message.destroyed || message.readableEnded) return breakOff()
    const pieces: Buffer[] = []
    let size = 0
    message.on('data', (piece: Buffer) => {
      size += piece.length
      if (size > limit) reject(tooLarge(limit))
      else pieces.push(piece)
    })
    message.on('end', () => resolve(pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces)))
    message.on('error', breakOff)
  })
}

/** The same of a request that came by other ways. */
export async function readRequest({ body }: Request, limit: number): Promise<Buffer> {
  if (!body) return Buffer.alloc(0)
  const pieces: Uint8Array[] = []
  let size = 0
  for await (const piece of body) {
    size += piece.length
    if (size > limit) throw tooLarge(limit)
    pieces.push(piece)
  }
  return Buffer.concat(pieces)
}

export function tooLarge(limit: number): Refusal {
  return refusal('body.too-large', { limit }, { headers: { connection: 'close' } })
}
