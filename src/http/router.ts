/** The named pieces of a path, decoded. */
export type Pieces = Readonly<Record<string, string>>

export interface Match<T> {
  readonly value: T
  readonly pieces: Pieces
}

const NO_PIECES: Pieces = {}

/** Returns a function that finds the value for a request target. Exact paths come first; a named piece (`:uid`) matches one segment. */
export function openRouter<T>(values: ReadonlyMap<string, T>): (target: string) => Match<T> | undefined {
  const exact = new Map<string, Match<T>>()
  const patterns: [RegExp, T][] = []
  for (const [path, value] of values) {
    if (path.includes(':')) patterns.push([patternOf(path), value])
    else exact.set(path, { value, pieces: NO_PIECES })
  }
  const findPattern = (path: string): Match<T> | undefined => {
    for (const [pattern, value] of patterns) {
      const { groups } = pattern.exec(path) ?? {}
      if (groups) return { value, pieces: decoded(groups) }
    }
    return undefined
  }
  return (target) => {
    // Most requests have the declared path and no query.
    const found = exact.get(target)
    if (found) return found
    const path = pathOf(target)
    return exact.get(path) ?? findPattern(path)
  }
}

/**
 * Returns the path of a request target, without the query, or the target itself if it has no path. Repeated slashes count as one, because
 * clients whose base URL ends in a slash send `//oauth/token`. Proxies may send an absolute URL (RFC 9112 §3.2.2). A path with dot segments or
 * backslashes is returned as it was sent and names nothing: a proxy that closes some of our paths may read it differently.
 */
export function pathOf(target: string): string {
  const [sent = ''] = target.split(/[?#]/, 1)
  if (/\\|\/(\.|%2e){1,2}(\/|$)/i.test(sent)) return sent
  const url = URL.parse(target.startsWith('/') ? `http://localhost${target}` : target)
  return url?.pathname.replaceAll(/\/{2,}/g, '/') ?? target
}

/** Returns what follows the path of the issuer in a path. A path that is not below it stays as it is. */
export function pathBelow(basePath = '', path: string): string {
  return path.startsWith(`${basePath}/`) ? path.slice(basePath.length) : path
}

function patternOf(path: string): RegExp {
  // Odd indexes are the names of pieces.
  const parts = path
    .split(/:(\w+)/)
    .map((part, index) => (index % 2 ? `(?<${part}>[^/]+)` : part.replaceAll('.', '\\.')))
  return new RegExp(`^${parts.join('')}$`)
}

function decoded(pieces: Record<string, string>): Pieces {
  return Object.fromEntries(Object.entries(pieces).map(([name, piece]) => [name, decode(piece)]))
}

/** Returns a piece that is not validly percent-encoded unchanged: nothing has such a name. */
function decode(piece: string): string {
  try {
    return decodeURIComponent(piece)
  } catch {
    return piece
  }
}
