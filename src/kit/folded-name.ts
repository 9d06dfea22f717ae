/** Returns a name in the form in which two spellings of it are equal: without case, diacritics and further spaces. */
export function foldedName(name: string): string {
  return name.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase().replaceAll(/\s+/g, ' ').trim()
}
