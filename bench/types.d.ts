/** The little of the two packages' surface that the benchmark touches; neither ships types of its own. */
declare module 'oidc-provider' {
  import type { IncomingMessage, ServerResponse } from 'node:http'

  export interface Adapter {
    upsert(id: string, payload: Record<string, unknown>, expiresIn?: number): Promise<void>
    find(id: string): Promise<Record<string, unknown> | undefined>
    findByUid(uid: string): Promise<Record<string, unknown> | undefined>
    findByUserCode(userCode: string): Promise<Record<string, unknown> | undefined>
    consume(id: string): Promise<void>
    destroy(id: string): Promise<void>
    revokeByGrantId(grantId: string): Promise<void>
  }

  interface Saved {
    save(): Promise<string>
  }

  interface Grant extends Saved {
    addOIDCScope(scope: string): void
  }

  export class Provider {
    constructor(issuer: string, configuration: Record<string, unknown>)
    callback(): (request: IncomingMessage, response: ServerResponse) => void
    Client: { find(id: string): Promise<object | undefined> }
    Grant: new (
      fields: object,
    ) => Grant
    AuthorizationCode: new (
      fields: object,
    ) => Saved
    RefreshToken: new (
      fields: object,
    ) => Saved
    ClientCredentials: { find(value: string): Promise<object | undefined> }
    AccessToken: { new (fields: object): Saved; find(value: string): Promise<object | undefined> }
  }
  export default Provider
}

declare module 'autocannon' {
  import type { EventEmitter } from 'node:events'

  export interface Request {
    method?: string
    path?: string
    headers?: Record<string, string>
    body?: string
    onResponse?: (status: number, body: string) => void
  }

  export interface Client extends EventEmitter {
    setRequests(requests: Request[]): void
  }

  export interface Options {
    url: string
    connections: number
    duration: number
    sampleInt?: number
    timeout?: number
    maxOverallRequests?: number
    setupClient?: (client: Client) => void
    verifyBody?: (body: string) => boolean
  }

  export interface Result {
    errors: number
    timeouts: number
    mismatches: number
    statusCodeStats: Record<string, { count: number }>
  }

  export interface Run extends EventEmitter, PromiseLike<Result> {
    stop(): void
  }

  export default function autocannon(options: Options): Run
}
