/** Returns the known word that is most similar to a mistyped one; undefined when none is similar. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  const closest = known.map((each) => [distance(word, each), each] as const).sort((a, b) => a[0] - b[0])[0]
  return closest && closest[0] <= Math.max(2, word.length / 3) ? closest[1] : undefined
}

/** Returns the Levenshtein distance. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      next[j] = Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1))
    }
    row = next
  }
  return row[b.length]!
}
