import { withoutUnseen } from './unseen.ts'

/** A text fit to be kept: nothing as long as a secret, nothing that stands before the @ of a URL, and at most so many characters. */
export function inClear(value: string, longest: number): string {
  const seen = withoutUnseen(value.slice(0, 4 * longest), '?').replaceAll(/\/\/[^/?#@]*@/g, '//…@')
  const safe = hidesToken(seen)
  return safe.length > longest ? `${safe.slice(0, longest)}… (${size(value)})` : safe
}

/** The text without what could be a token. */
export function hidesToken(text: string): string {
  return text.replaceAll(/[\w-]{32,}/g, '…')
}

/** How long a text is, in characters. */
export function size({ length }: string): string {
  return length === 1 ? '1 character' : `${length} characters`
}
