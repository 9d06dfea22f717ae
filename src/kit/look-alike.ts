/**
 * Letters that look like the Latin letter below them in a usual font: the common part of the confusables of Unicode TR39. A capital has a line of
 * its own where it looks like another letter than the small one.
 */
const LOOKS = [
  ['АВЕКМНОРСТУХЅІЈ', 'abekmhopctyxslj'],
  ['авсԁеһнікӏмпорԛгѕтѵԝхуј', 'abcdehhlklmnopqrstvwxyj'],
  ['ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ', 'abezhlkmnoptyx'],
  ['αβςεηικνορτυχωγμ', 'abcenlkvoptuxwym'],
  ['օոսհՏՍՕ', 'onuhsuo'],
  ['ⲁⲃⲉⲟⲣⲥⲭ', 'abeopcx'],
  ['ꓮꓐꓚꓓꓰꓝꓖꓧꓲꓙꓗꓡꓟꓠꓳꓑꓣꓢꓔꓴꓦꓪꓫꓬꓜ', 'abcdefghljklmnoprstuvwxyz'],
  ['ᗅᗷᑕᗪᗴᖴᑭᖇᔕᑌᐯᗯ᙭ᒪᗰ', 'abcdefprsuvwxlm'],
  ['ıłøđħŧɑɡɩþ', 'llodhtaglp'],
  ['ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢ', 'abcdefghljklmnoprstuvwyz'],
  ['ꭺꭼꮋꮇꮲꭱꭲꮃꮓꮩꮪꮯꭰꮐꭻꮶꮮᏼꮍ', 'aehmprtwzvscdgjklby'],
  // A capital I, a small L and a one are one stroke, so i counts as l.
  ['i1|!0$5@', 'llllossa'],
] as const
const LATIN = new Map(
  LOOKS.flatMap(([from, to]) => [...from].map((letter, index) => [letter, [...to][index]!] as const)),
)

/**
 * Returns the form of a name in which names that look alike are equal: without case, diacritics, spaces and punctuation, and with Latin
 * letters in place of those that look like them. Empty for a name without letters and digits.
 */
export function lookAlikeKey(name: string): string {
  return [...name.normalize('NFKD').replaceAll(/\p{M}/gu, '')]
    .map((letter) => LATIN.get(letter) ?? LATIN.get(letter.toLowerCase()) ?? letter.toLowerCase())
    .join('')
    .replaceAll(/[^\p{L}\p{N}]/gu, '')
    .replaceAll('rn', 'm')
    .replaceAll('vv', 'w')
    .replaceAll('æ', 'ae')
    .replaceAll('œ', 'oe')
    .replaceAll('ß', 'ss')
}

const MAX_WORDS = 12
const MAX_RUN = 4
/** Of shorter words, only the whole name counts: nearly every name contains one. */
const MIN_PART = 4
/** How long a beginning or an end without a space may be, beside those of whole words. */
const MAX_PART = 28
/** The most keys that `keysWithin` returns. */
export const MAX_KEYS = 1 + MAX_WORDS * MAX_RUN + 2 * MAX_PART

/** Returns the keys of the names that a name contains: of itself, of words beside each other, and of its beginnings and ends. */
export function keysWithin(name: string): string[] {
  const whole = lookAlikeKey(name)
  const words = name.replaceAll(/(?<=\p{Ll})(?=\p{Lu})/gu, ' ').split(/[^\p{L}\p{N}\p{M}|!$@]+/u, MAX_WORDS)
  const runs = words.flatMap((_, from) =>
    Array.from({ length: MAX_RUN }, (_, more) => lookAlikeKey(words.slice(from, from + more + 1).join(' '))),
  )
  const letters = [...whole]
  const parts = Array.from({ length: Math.min(MAX_PART, letters.length) }, (_, n) => [
    letters.slice(0, n + 1).join(''),
    letters.slice(-n - 1).join(''),
  ]).flat()
  const long = [...runs, ...parts].filter((key) => [...key].length >= MIN_PART)
  return [...new Set([...(whole === '' ? [] : [whole]), ...long])]
}
