/** Controls, format characters (bidi and zero-width among them), line separators, lone surrogates, and fillers that look like nothing. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\u115F\u1160\u2800\u3164\uFFA0]|\u034F|\u17B4|\u17B5/gu

/** A text without the letters that cannot be seen, by which one text can look like another or turn the text around it. */
export function withoutUnseen(text: string): string {
  return text.replaceAll(UNSEEN, '')
}
