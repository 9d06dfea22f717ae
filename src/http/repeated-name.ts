const [QUOTE, BACKSLASH, COLON] = [0x22, 0x5c, 0x3a]
const [OPEN_OBJECT, CLOSE_OBJECT, OPEN_LIST, CLOSE_LIST] = [0x7b, 0x7d, 0x5b, 0x5d]

/**
 * Returns the first name that an object contains twice, at any depth; undefined when there is none. The text must be valid JSON.
 * JSON.parse keeps the last value, and another parser on the way may have kept the first (RFC 8259 §4).
 */
export function repeatedName(json: string): string | undefined {
  // The names of every open object, and undefined for an open list.
  const open: (Set<string> | undefined)[] = []
  for (let at = 0; at < json.length; at++) {
    const code = json.charCodeAt(at)
    if (code === QUOTE) {
      const end = endOfText(json, at)
      const names = open.at(-1)
      if (names && isName(json, end)) {
        const name = readText(json.slice(at, end + 1))
        if (names.has(name)) return name
        names.add(name)
      }
      at = end
    } else if (code === OPEN_OBJECT) open.push(new Set())
    else if (code === OPEN_LIST) open.push(undefined)
    else if (code === CLOSE_OBJECT || code === CLOSE_LIST) open.pop()
  }
  return undefined
}

/** Returns the position of the closing quote. */
function endOfText(json: string, start: number): number {
  let at = start + 1
  while (json.charCodeAt(at) !== QUOTE) at += json.charCodeAt(at) === BACKSLASH ? 2 : 1
  return at
}

/** In valid JSON, a string followed by a colon is a name. */
function isName(json: string, end: number): boolean {
  let at = end + 1
  while (json.charCodeAt(at) <= 0x20) at++
  return json.charCodeAt(at) === COLON
}

/** Decodes escapes, because an escaped and a literal letter are one name. */
function readText(quoted: string): string {
  return quoted.includes('\\') ? (JSON.parse(quoted) as string) : quoted.slice(1, -1)
}
