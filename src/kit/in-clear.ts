import { withoutUnseen } from './unseen.ts'

/** Removes from a text what could be a token or the user part of a URL, and cuts it to `longest` characters, so that it can be stored. */
export function inClear(value: string, longest: number): string {
  const seen = withoutUnseen(value.slice(0, 4 * longest), '?').replaceAll(/\/\/[^/?#@]*@/g, '//…@')
  const safe = hidesToken(seen)
  return safe.length > longest ? `${safe.slice(0, longest)}… (${size(value)})` : safe
}

/** Replaces what could be a token. */
export function hidesToken(text: string): string {
  return text.replaceAll(/[\w-]{32,}/g, '…')
}

/** Returns the length of a text, in words. */
export function size({ length }: string): string {
  return length === 1 ? '1 character' : `${length} characters`
}
