/** Scripts in which a non-joiner separates letters, as in Persian compounds (RFC 5892 §A.1). */
const CURSIVE = String.raw`[\p{Script=Arabic}\p{Script=Syriac}\p{Script=Mongolian}\p{Script=Nko}]`
/** The vowel killer of Indic scripts; a joiner after it chooses the form of the letter (RFC 5892 §A.1, §A.2). */
const VIRAMA = String.raw`[\u094D\u09CD\u0A4D\u0ACD\u0B4D\u0BCD\u0C4D\u0CCD\u0D4D\u0DCA]`
const PICTURE = String.raw`\p{Extended_Pictographic}`

/** A joiner (ZWJ) or non-joiner (ZWNJ) that changes what is seen: in words that need it, and between emoji that form one. */
const AT_WORK = [
  String.raw`\u200C(?<=${CURSIVE}\p{M}*\u200C)(?=${CURSIVE})`,
  String.raw`[\u200C\u200D](?<=${VIRAMA}[\u200C\u200D])`,
  String.raw`\u200D(?<=${PICTURE}[\uFE0F\p{Emoji_Modifier}]?\u200D)(?=${PICTURE})`,
].join('|')

/** Controls, format characters (bidi and zero-width among them), line separators, lone surrogates, and fillers that look like nothing. */
const UNSEEN = new RegExp(
  String.raw`(?!${AT_WORK})(?:[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\u115F\u1160\u2800\u3164\uFFA0]|\u034F|\u17B4|\u17B5)`,
  'gu',
)

/** Removes invisible characters, which can make one text look like another or turn the text around it, or replaces each with `instead`. */
export function withoutUnseen(text: string, instead = ''): string {
  return text.replaceAll(UNSEEN, instead)
}
