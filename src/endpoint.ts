import type { Incoming } from './http/incoming.ts'
import type { Answer } from './http/reply.ts'
import type { Refusal } from './kit/refusal.ts'
import type { Site } from './site.ts'

/** Returns the answer to a request. It throws a Refusal for a request that it refuses. */
export type Handler = (incoming: Incoming, site: Site) => Answer | Promise<Answer>

/** Makes the answer for a refusal: OAuth JSON, the envelope of the management API, or a page. */
export type ErrorRenderer = (refusal: Refusal, incoming: Incoming, site: Site) => Answer | Promise<Answer>

/** One endpoint of the server. Its routes, preflight, `Allow` header and metadata follow from this value. */
export interface Endpoint {
  /** An exact path, or one with named pieces (`/platform/v1/apps/:code_name`). Endpoints with different methods may share a path. */
  readonly path: string
  /** Further paths of the same endpoint. */
  readonly alsoAt?: readonly string[]
  /** Further paths from the root of the host. All others are below the path of the issuer, such as `/auth`, which is empty for most. */
  readonly atRoot?: (basePath: string) => readonly string[]
  readonly methods: readonly ('GET' | 'POST' | 'PUT' | 'DELETE')[]
  /** Who may read its answers in a browser, including errors (Fetch §3.2): only our own pages by default. `any-origin` also answers preflights (Fetch §4.8). */
  readonly readableBy?: 'any-origin' | 'same-origin'
  readonly errors: ErrorRenderer
  /** Parameters that are refused in the URL, where logs would keep them. */
  readonly neverInUrl?: readonly string[] | ((site: Site) => readonly string[])
  /** HEAD is answered like GET (RFC 9110 §9.3.2), unless GET may make something that is in the answer only, such as a code. */
  readonly refusesHead?: boolean
  /**
   * What the endpoint publishes about itself under the names of RFC 8414 §2. It uses the same constants as the handler, so that the
   * metadata agrees with the code. `url` is the full URL of `path`.
   */
  readonly metadata?: (site: Site, url: string) => Record<string, unknown>
  readonly handle: Handler
}

/** Returns every path of an endpoint, from the root of the host. */
export function pathsOf({ path, alsoAt = [], atRoot }: Endpoint, basePath = ''): readonly string[] {
  return [...new Set([...[path, ...alsoAt].map((each) => basePath + each), ...(atRoot?.(basePath) ?? [])])]
}
