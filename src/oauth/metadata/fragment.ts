import type { Site } from '../../site.ts'

/**
 * What one part of the server tells clients of itself, by the names of RFC 8414 §2. It stands beside that part and is made from what the
 * part works by, so that nothing is told that is not so. `at` makes the full address of a path.
 */
export type Fragment = (site: Site, at: (path: string) => string) => Record<string, unknown>
