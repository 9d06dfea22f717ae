const [QUOTE, BACKSLASH, COLON] = [0x22, 0x5c, 0x3a]
const [OPEN_OBJECT, CLOSE_OBJECT, OPEN_LIST, CLOSE_LIST] = [0x7b, 0x7d, 0x5b, 0x5d]

/**
 * The first name that an object in JSON holds twice, at whatever depth; undefined when there is none. The text has to be valid JSON. A
 * parser keeps the last of two and says nothing, and another reader on the way may have kept the first (RFC 8259 §4).
 */
export function repeatedName(json: string): string | undefined {
  // The names of every object that is open, and nothing for a list.
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

/** Where the closing quote stands. */
function endOfText(json: string, start: number): number {
  let at = start + 1
  while (json.charCodeAt(at) !== QUOTE) at += json.charCodeAt(at) === BACKSLASH ? 2 : 1
  return at
}

/** In valid JSON a colon behind a text makes it a name. */
function isName(json: string, end: number): boolean {
  let at = end + 1
  while (json.charCodeAt(at) <= 0x20) at++
  return json.charCodeAt(at) === COLON
}

/** Two ways to write a letter are one letter. */
function readText(quoted: string): string {
  return quoted.includes('\\') ? (JSON.parse(quoted) as string) : quoted.slice(1, -1)
}
