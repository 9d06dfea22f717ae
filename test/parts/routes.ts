import { pathsOf } from '../../src/endpoint.ts'
import { endpoints } from '../../src/routes.ts'

/** Every method and path that the server answers, without preflights. */
export const routes = endpoints.flatMap((endpoint) =>
  pathsOf(endpoint).flatMap((path) => endpoint.methods.map((method) => ({ method, path }))),
)
