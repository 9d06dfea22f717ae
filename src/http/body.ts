import type { Refusal } from '../kit/refusal.ts'
import type { Message } from './message.ts'
import { refusal } from './refusals.ts'

/** Returns the whole body of a request. Rejects with a 413 once the body exceeds `limit` bytes, and keeps no more of it. */
export function readBody(message: Message, limit: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    // The client has disconnected and gets no answer. The log must not show it as our fault.
    const breakOff = () => reject(refusal('body.broken-off'))
    if (message.destroyed || message.readableEnded) return breakOff()
    const pieces: Buffer[] = []
    let size = 0
    message.on('data', (piece: Buffer) => {
      size += piece.length
      if (size <= limit) return void pieces.push(piece)
      reject(tooLarge(limit))
      message.stopReading?.()
    })
    message.on('end', () => resolve(pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces)))
    message.on('error', breakOff)
  })
}

export function tooLarge(limit: number): Refusal {
  return refusal('body.too-large', { limit }, { headers: { connection: 'close' } })
}
