import type { Endpoint, Handler } from '../endpoint.ts'
import { pageErrors } from './page-errors.ts'

/** Declares an endpoint for people. It answers errors with a page. */
export function pageEndpoint(method: 'GET' | 'POST', path: string, handle: Handler): Endpoint {
  return { path, methods: [method], errors: pageErrors, handle }
}
